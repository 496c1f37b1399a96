/** Appointments. Importing it is enough. */
import { addTexts } from '../index.svelte.ts';
import { appointmentTexts } from '../ja/appointments.ts';

addTexts(appointmentTexts);
