import type { ReactElement, ReactNode } from 'react';
import {
  Header,
  Menu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components';
import { classNames } from './class-names.ts';
import { Kbd } from './kbd.tsx';
import popup from './popup.module.css';

interface MenuButtonProps {
  /** What the menu holds, read aloud. */
  readonly label: string;
  /** The button that opens it: a `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end';
  /** `MenuItem`, `MenuSection` and `MenuSeparator`. */
  readonly children: ReactNode;
}

/** A button with a list of things to do. Down opens it, arrows and letters move, Enter does. */
export function MenuButton(props: MenuButtonProps) {
  const { label, trigger, placement = 'bottom start', children } = props;
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={popup['popup'] ?? ''} placement={placement} offset={4}>
        <Menu aria-label={label} className={popup['list'] ?? ''}>
          {children}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

interface ItemProps {
  readonly children: string;
  readonly onAction: () => void;
  /** A picture before the words, 16 px. */
  readonly icon?: ReactNode;
  readonly detail?: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly isDisabled?: boolean;
  /** Takes something away: red. */
  readonly isDestructive?: boolean;
}

/** One thing to do, verb first. */
export function MenuItem(props: ItemProps) {
  const { children, onAction, icon, detail, shortcut } = props;
  return (
    <AriaMenuItem
      textValue={children}
      onAction={onAction}
      isDisabled={props.isDisabled ?? false}
      className={classNames(popup['item'], props.isDestructive === true && popup['danger'])}
    >
      {icon}
      <span className={popup['words']}>
        <span className={popup['name']}>{children}</span>
        {detail !== undefined && <span className={popup['detail']}>{detail}</span>}
      </span>
      {shortcut !== undefined && <Kbd>{shortcut}</Kbd>}
    </AriaMenuItem>
  );
}

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Things to do that belong together, under a heading. */
export function MenuSection({ title, children }: SectionProps) {
  return (
    <AriaMenuSection>
      <Header className={popup['heading'] ?? ''}>{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

/** A line between things to do. */
export function MenuSeparator() {
  return <Separator className={popup['separator'] ?? ''} />;
}
