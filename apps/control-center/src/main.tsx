import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/noto-sans-arabic/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { settlePageLocale } from './browser/language.ts';

// Sentences are chosen once, when their file is loaded: the product comes after the language is known.
settlePageLocale(null);
const { renderProduct } = await import('./product.tsx');
renderProduct();
