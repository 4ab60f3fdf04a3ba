// The look of Mantine's parts: one accent, small corners, quiet lines. The colours themselves are in tokens.css.

import { createTheme } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';

const joint: MantineColorsTuple = [
  '#e6f3f1',
  '#cfe6e3',
  '#a3cec9',
  '#74b4ad',
  '#4a9a93',
  '#2b827b',
  '#176e68',
  '#0f5f5c',
  '#0b4f4c',
  '#073b39',
];

/** Greys of the dark theme, from text to ground, with the green of the rest in them. */
const dark: MantineColorsTuple = [
  '#e7e9e6',
  '#c8cdca',
  '#a2aaa6',
  '#7b8581',
  '#3b4442',
  '#29302e',
  '#1d2322',
  '#171c1b',
  '#131817',
  '#101413',
];

export const theme = createTheme({
  primaryColor: 'joint',
  primaryShade: { light: 7, dark: 5 },
  colors: { joint, dark },
  autoContrast: true,
  luminanceThreshold: 0.33,
  defaultRadius: 6,
  cursorType: 'pointer',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '620' },
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' }, allowDeselect: false } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 } } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, fz: 12 } },
    Checkbox: { defaultProps: { size: 'xs' } },
  },
});
