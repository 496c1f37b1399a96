import type { vitalScaleTexts as ja } from '../ja/vital-scales.ts';

export const vitalScaleTexts: typeof ja = {
  vitalScales: {
    consciousness: {
      '0': '0 alert',
      '1': 'I-1 almost fully conscious, not quite clear',
      '2': 'I-2 disoriented',
      '3': 'I-3 cannot say name or date of birth',
      '10': 'II-10 opens eyes readily when spoken to',
      '20': 'II-20 opens eyes to a loud voice or shaking',
      '30': 'II-30 barely opens eyes to repeated calls with pain',
      '100': 'III-100 pushes pain away',
      '200': 'III-200 moves limbs a little or grimaces at pain',
      '300': 'III-300 no response to pain',
    },
    stool_form: {
      '1': '1 separate hard lumps',
      '2': '2 hard',
      '3': '3 rather hard',
      '4': '4 normal',
      '5': '5 rather soft',
      '6': '6 mushy',
      '7': '7 watery',
    },
  },
};
