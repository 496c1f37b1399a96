/** The places that are one tap away, by role. Further places join this list when they exist. */
import type { Me } from '#api/types.ts';
import { m } from '#i18n/index.svelte.ts';
import { unread } from '#api/unread.svelte.ts';
import { workCounts } from '#api/work-counts.svelte.ts';
import { resolve } from '$app/paths';
import BadgeCheck from '@lucide/svelte/icons/badge-check';
import Building2 from '@lucide/svelte/icons/building-2';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import Eye from '@lucide/svelte/icons/eye';
import FileInput from '@lucide/svelte/icons/file-input';
import FileLock from '@lucide/svelte/icons/file-lock';
import House from '@lucide/svelte/icons/house';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Siren from '@lucide/svelte/icons/siren';
import Tablet from '@lucide/svelte/icons/tablet';
import UserCog from '@lucide/svelte/icons/user-cog';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';

export interface Place {
  href: string;
  label: string;
  /** For the narrow bar of a phone; part of the label. */
  short?: string;
  icon: Component<{ size?: number; strokeWidth?: number }>;
  /** How much waits there. */
  count?: () => number;
  /** Not in the narrow bar of a phone, which has room for five; the settings lead there. */
  minor?: boolean;
  /** How much that is, in words; so and so many that wait when left out. */
  counted?: (n: number) => string;
  /** Another address that belongs to it. */
  also?: string;
}

export function placesFor(role: Me['role']): Place[] {
  const rooms: Place = {
    href: resolve('/rooms'),
    label: m.places.rooms,
    icon: MessagesSquare,
    also: resolve('/announcements'),
    count: () => unread.count,
    counted: m.places.unread,
  };
  const settings = { href: resolve('/settings'), label: m.nav.settings, icon: Settings };
  const oversight: Place[] = [
    { href: resolve('/log-proof'), label: m.places.logProof, icon: BadgeCheck, minor: true },
    { href: resolve('/safekeeping'), label: m.places.safekeeping, icon: FileLock, minor: true },
  ];
  if (role === 'auditor') {
    return [
      {
        href: resolve('/access-log'),
        label: m.nav.accessLog,
        short: m.places.short.accessLog,
        icon: ScrollText,
      },
      { href: resolve('/findings'), label: m.places.findings, icon: ListChecks },
      { href: resolve('/emergency'), label: m.places.emergency, icon: Siren },
      { href: resolve('/explain'), label: m.places.explain, icon: CircleQuestionMark },
      ...oversight,
      settings,
    ];
  }
  if (role === 'network_administrator') {
    return [
      { href: resolve('/people'), label: m.nav.people, short: m.places.short.people, icon: Building2 },
      { href: resolve('/access-rules'), label: m.places.rules, icon: ShieldCheck },
      { href: resolve('/emergency'), label: m.places.emergency, icon: Siren },
      { href: resolve('/devices'), label: m.devices.title, icon: Tablet },
      { ...rooms, minor: true },
      ...oversight,
      settings,
    ];
  }
  if (isFamily(role))
    return [
      { href: resolve('/home'), label: m.places.home, icon: House },
      { href: resolve('/accesses'), label: m.places.accesses, icon: Eye },
      settings,
    ];
  return [
    {
      href: resolve('/work'),
      label: m.work.title,
      short: m.work.short,
      icon: ClipboardCheck,
      count: () => workCounts.waiting,
    },
    { href: resolve('/patients'), label: m.nav.patients, short: m.places.short.patients, icon: Users },
    { href: resolve('/appointments'), label: m.nav.appointments, icon: CalendarDays },
    rooms,
    { href: resolve('/search'), label: m.places.search, icon: Search, minor: true },
    {
      href: resolve('/incoming'),
      label: m.nav.incoming,
      short: m.places.short.incoming,
      icon: FileInput,
      minor: true,
    },
    {
      href: resolve('/substitutions'),
      label: m.places.substitutions,
      short: m.places.short.substitutions,
      icon: UserCog,
      minor: true,
    },
    settings,
  ];
}

/** Patients and their families have one place: the one patient. */
function isFamily(role: Me['role']): boolean {
  return role === 'patient' || role === 'family';
}

/** Where a person begins. */
export function homeOf(role: Me['role']): '/access-log' | '/home' | '/people' | '/patients' {
  if (role === 'auditor') return '/access-log';
  if (isFamily(role)) return '/home';
  return role === 'network_administrator' ? '/people' : '/patients';
}
