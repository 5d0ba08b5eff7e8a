#!/usr/bin/env node
import { documented } from './documented.js';

await documented('poll_single_alert');
