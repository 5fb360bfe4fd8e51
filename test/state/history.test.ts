import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, edit, redo, seal, undo } from '../../src/state/history.ts';

test('what was done is undone and redone, in order', () => {
  let history = begin('a');
  history = edit(history, 'b');
  history = edit(history, 'c');
  history = undo(history);
  expect(history.now).toBe('b');
  history = undo(undo(history));
  expect(history.now).toBe('a');
  history = redo(redo(redo(history)));
  expect(history.now).toBe('c');
});

test('an edit after an undo forgets what was undone', () => {
  const history = edit(undo(edit(begin(1), 2)), 3);
  expect(history.future).toEqual([]);
  expect(undo(history).now).toBe(1);
});

test('edits of one gesture are one step; a sealed gesture begins another', () => {
  let history = begin(0);
  for (const value of [1, 2, 3]) history = edit(history, value, 'weight 0');
  expect(undo(history).now).toBe(0);
  history = edit(seal(history), 4, 'weight 0');
  expect(undo(history).now).toBe(3);
});

test('undoing everything leads back to the start, whatever was done', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 40 }), (values) => {
      let history = begin(-1);
      for (const value of values) history = edit(history, value);
      const last = history.now;
      for (let i = 0; i < values.length; i++) history = undo(history);
      expect(history.now).toBe(-1);
      for (let i = 0; i < values.length; i++) history = redo(history);
      expect(history.now).toBe(last);
    }),
  );
});
