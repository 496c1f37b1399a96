/** The places that are one tap away, by role. Further places join this list when they exist. */
import type { Me } from '#api/types.ts';
import { m } from '#i18n/index.svelte.ts';
import { resolve } from '$app/paths';
import Building2 from '@lucide/svelte/icons/building-2';
import FileInput from '@lucide/svelte/icons/file-input';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import Tablet from '@lucide/svelte/icons/tablet';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';

export interface Place {
  href: string;
  label: string;
  icon: Component<{ size?: number; strokeWidth?: number }>;
}

export function placesFor(role: Me['role']): Place[] {
  const settings = { href: resolve('/settings'), label: m.nav.settings, icon: Settings };
  if (role === 'auditor') {
    return [{ href: resolve('/access-log'), label: m.nav.accessLog, icon: ScrollText }, settings];
  }
  if (role === 'network_administrator') {
    return [
      { href: resolve('/people'), label: m.nav.people, icon: Building2 },
      { href: resolve('/devices'), label: m.devices.title, icon: Tablet },
      settings,
    ];
  }
  return [
    { href: resolve('/patients'), label: m.nav.patients, icon: Users },
    { href: resolve('/incoming'), label: m.nav.incoming, icon: FileInput },
    settings,
  ];
}

/** Where a person begins. */
export function homeOf(role: Me['role']): '/access-log' | '/people' | '/patients' {
  if (role === 'auditor') return '/access-log';
  return role === 'network_administrator' ? '/people' : '/patients';
}
