// Buttons that lead to a page.

import { ActionIcon, Button } from '@mantine/core';
import type { ActionIconProps, ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

type AnchorProps = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

function ButtonAnchor(props: AnchorProps) {
  return <Button component="a" {...props} />;
}

export const LinkButton = createLink(ButtonAnchor);

type IconAnchorProps = ActionIconProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ActionIconProps>;

function IconAnchor(props: IconAnchorProps) {
  return <ActionIcon component="a" {...props} />;
}

export const LinkIcon = createLink(IconAnchor);
