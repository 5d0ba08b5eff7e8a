#!/usr/bin/env node
import { documented } from './documented.js';

await documented('filterStream');
