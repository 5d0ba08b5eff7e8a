import { UsageError } from '@apf/core';
import { stepNames } from '../src/new-step/step-names';

describe('the names of a step', () => {
  it.each([
    // typed, folder, package, class
    ['sn_process', 'sn_process', 'sn_process', 'SnProcess'],
    ['sn-process', 'sn-process', 'sn-process', 'SnProcess'],
    ['SnProcess', 'SnProcess', 'sn_process', 'SnProcess'],
    ['SNProcess', 'SNProcess', 'sn_process', 'SnProcess'],
    ['sn process', 'sn_process', 'sn_process', 'SnProcess'],
    ['  sn   process ', 'sn_process', 'sn_process', 'SnProcess'],
    ['xmatch2mass', 'xmatch2mass', 'xmatch2mass', 'Xmatch2mass'],
    ['class', 'class', 'class', 'Class'],
    ['a', 'a', 'a', 'A'],
    ['a__b--c_', 'a__b--c', 'a__b--c', 'ABC'],
  ])('are right for %j', (typed, folder, packageName, className) => {
    expect(stepNames(typed)).toEqual({ folder, package: packageName, class: className });
  });

  it.each([
    ['step', 'StepStep'],
    ['alert', 'AlertStep'],
    ['result', 'ResultStep'],
    ['map', 'MapStep'],
    ['Error', 'ErrorStep'],
    ['promise', 'PromiseStep'],
  ])('avoid a class that step.ts or JavaScript has already: %s', (typed, className) => {
    expect(stepNames(typed).class).toBe(className);
  });

  it.each([
    ['', /empty/],
    ['   ', /empty/],
    ['../x', /path; give the name alone and the folder with --dir/],
    ['a/b', /path/],
    ['a\\b', /path/],
    ['/abs', /path/],
    ['1st', /begin with a letter; try step_1st/],
    ['-x', /begin with a letter; try step_-?x/],
    ['.hidden', /begin with a letter; try step_hidden/],
    ['ñandú', /begin with a letter/],
    ['supernová', /letters of the English alphabet/],
    ['sn.process', /letters of the English alphabet/],
    ['a;rm -rf', /letters of the English alphabet/],
    ['{{x}}', /begin with a letter/],
    ['a\nb', /letters of the English alphabet/],
    ['x'.repeat(65), /longer than 64/],
    ['jest', /try jest_step/],
    ['node_modules', /exists already/],
  ])('are refused for %j, saying why', (typed, why) => {
    expect(() => stepNames(typed)).toThrow(UsageError);
    expect(() => stepNames(typed)).toThrow(why);
  });
});
