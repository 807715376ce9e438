// SPDX-License-Identifier: GPL-3.0-or-later
import { expect, test } from 'vitest';
import { archive_format } from './workspaces';

test('an archive is known by its name', () => {
  expect(archive_format('site.zip')).toBe('zip');
  expect(archive_format('berth-1.2.TAR.GZ')).toBe('tar.gz');
  expect(archive_format('a.tgz')).toBe('tar.gz');
  expect(archive_format('a.tar.zst')).toBe('tar.zst');
  expect(archive_format('photo.png')).toBeUndefined();
  expect(archive_format('zip')).toBeUndefined();
});
