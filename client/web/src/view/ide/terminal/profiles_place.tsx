// SPDX-License-Identifier: GPL-3.0-or-later
// What new terminals begin with, and the dialog about it: of the whole window, however its panels stand.
import { lazy, Suspense, useEffect } from 'react';
import { open_params, usual_profile } from '../../../model/terminal_profiles';
import { useApplication, useChanges } from '../../application';
import { useSession } from '../ide_context';

const ProfilesDialog = lazy(() => import('./profiles_dialog'));

export function ProfilesPlace() {
  const { terminals } = useSession();
  const { preferences } = useApplication();
  useChanges(terminals);
  useChanges(preferences);
  const { profiles, default_profile } = preferences;
  useEffect(() => {
    terminals.begin_with(() => {
      const usual = usual_profile(profiles, terminals.programs, default_profile);
      return open_params(usual, profiles.includes(usual));
    });
  }, [terminals, profiles, default_profile]);
  if (!terminals.editing_profiles) return null;
  return (
    <Suspense fallback={null}>
      <ProfilesDialog programs={terminals.programs} on_close={() => terminals.edit_profiles(false)} />
    </Suspense>
  );
}
