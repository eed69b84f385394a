/// <reference types="vite/client" />

declare module 'virtual:cities' {
  /** Address of the packed list of places made by build/cities-plugin.ts. */
  export const citiesUrl: string;
}
