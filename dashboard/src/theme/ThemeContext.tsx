import { App, ConfigProvider, theme as antTheme, type ThemeConfig } from 'antd';
import { createContext, useCallback, useContext, useLayoutEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { nonce } from './nonce';

/** What a person chose: the system's colours, or one of the two. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'headgate.theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const systemIsCalm = window.matchMedia('(prefers-reduced-motion: reduce)');

const ThemeContext = createContext<{ choice: ThemeChoice; choose: (choice: ThemeChoice) => void; dark: boolean }>({ choice: 'system', choose: () => {}, dark: false });

/** The colours that are shown, and how to choose others. */
export const useTheme = () => useContext(ThemeContext);

/** Gives Ant Design its colours, as much motion as the system wants, and the nonce that the content security policy asks of its styles. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<ThemeChoice>(() => stored());
  const systemDark = useMedia(systemIsDark);
  const calm = useMedia(systemIsCalm);
  const dark = choice === 'dark' || (choice === 'system' && systemDark);

  // Before the effects of what is inside: charts read the colours.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);

  const value = useMemo(() => {
    const choose = (next: ThemeChoice) => {
      localStorage.setItem(KEY, next);
      setChoice(next);
    };
    return { choice, choose, dark };
  }, [choice, dark]);

  // Who asks the system for less motion gets none.
  const theme = useMemo(() => (calm ? withoutMotion(dark ? DARK : LIGHT) : dark ? DARK : LIGHT), [calm, dark]);

  return (
    <ThemeContext.Provider value={value}>
      <ConfigProvider csp={{ nonce }} theme={theme} button={{ autoInsertSpace: false }}>
        <App>{children}</App>
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}

function stored(): ThemeChoice {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

const withoutMotion = ({ token, ...theme }: ThemeConfig): ThemeConfig => ({ ...theme, token: { ...token, motion: false } });

function useMedia(query: MediaQueryList): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => query.matches);
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif';

// Secondary text and placeholders are darker than Ant Design's: WCAG asks for a contrast of 4.5.
const LIGHT: ThemeConfig = {
  algorithm: antTheme.defaultAlgorithm,
  token: {
    colorPrimary: '#0f766e', colorLink: '#0f766e', colorInfo: '#0f766e', colorSuccess: '#15803d', colorWarning: '#b45309', colorError: '#c2261e',
    colorPrimaryBg: '#e2f1ef', colorPrimaryBgHover: '#d3e9e6', colorInfoBg: '#eaf5f3', colorInfoBorder: '#b4d8d3', colorErrorBg: '#fdeeed', colorErrorBorder: '#f0b9b5', colorSuccessBg: '#e8f5ec', colorSuccessBorder: '#aedbbd', colorWarningBg: '#fdf4e3', colorWarningBorder: '#ecd09a',
    colorTextDescription: '#56606b', colorTextPlaceholder: '#66707a', colorTextTertiary: '#56606b', colorBgLayout: '#f4f6f7', borderRadius: 6, fontFamily: FONT,
  },
  components: { Layout: { headerBg: '#ffffff', siderBg: '#ffffff' }, Menu: { itemSelectedBg: '#e2f1ef' }, Table: { cellPaddingBlock: 11 } },
};

const DARK: ThemeConfig = {
  algorithm: antTheme.darkAlgorithm,
  token: {
    colorPrimary: '#2dd4bf', colorLink: '#2dd4bf', colorInfo: '#2dd4bf', colorTextLightSolid: '#06201d', colorSuccess: '#4ade80', colorWarning: '#fbbf24', colorError: '#ff7b72',
    colorPrimaryBg: '#12403b', colorPrimaryBgHover: '#17504a', colorInfoBg: '#12302d', colorInfoBorder: '#1f5650', colorErrorBg: '#3a1d1b', colorErrorBorder: '#6d322d', colorSuccessBg: '#14301f', colorSuccessBorder: '#245b39', colorWarningBg: '#382b10', colorWarningBorder: '#68511f',
    colorTextDescription: '#a3adb6', colorTextPlaceholder: '#98a2ab', colorTextTertiary: '#a3adb6', colorBgLayout: '#0f1417', colorBgContainer: '#151b1f', colorBgElevated: '#1c2429', colorBorder: '#3a464d', colorBorderSecondary: '#2b343a', borderRadius: 6, fontFamily: FONT,
  },
  components: { Layout: { headerBg: '#151b1f', siderBg: '#151b1f' }, Menu: { itemSelectedBg: '#12403b', itemSelectedColor: '#5eead4' }, Table: { cellPaddingBlock: 11 } },
};
