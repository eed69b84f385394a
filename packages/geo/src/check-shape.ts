/**
 * The gate a fence passes when it is written: what is certainly meant is repaired, what is not is refused
 * with a place. What comes out has closed rings without repeated vertices, outer rings counter-clockwise
 * and holes clockwise (RFC 7946 §3.1.6), longitudes within ±180; a ring may cross the antimeridian.
 */
import { err, ok, type FenceShape, type LonLat, type Result } from '@followme/model';
import { checkPoint } from './check-point.ts';
import { checkPolygon, type Rings } from './check-polygon.ts';
import { FENCE_LIMITS, type FenceProblem } from './fence-problem.ts';

/** Checks and repairs a shape. `FenceProblem.path` is that of the GeoJSON coordinates. */
export function checkFenceShape(shape: FenceShape): Result<FenceShape, FenceProblem> {
  switch (shape.kind) {
    case 'circle':
      return checkCircle(shape.centre, shape.radiusM);
    case 'polygon': {
      const bound = checkSize(shape.rings);
      if (bound !== null) return err(bound);
      const rings = checkPolygon(shape.rings, 'coordinates');
      return rings.ok ? ok({ kind: 'polygon', rings: rings.value }) : rings;
    }
    case 'multipolygon':
      return checkMultipolygon(shape.polygons);
    case 'corridor':
      return checkCorridor(shape.line, shape.widthM);
  }
}

function checkCircle(centre: LonLat, radiusM: number): Result<FenceShape, FenceProblem> {
  const problem = checkPoint(centre, 'coordinates');
  if (problem !== null) return err(problem);
  const size = checkMetres(radiusM, { name: 'radiusM', most: FENCE_LIMITS.radiusM });
  if (size !== null) return err({ ...size, place: centre });
  return ok({ kind: 'circle', centre, radiusM });
}

function checkMultipolygon(polygons: readonly Rings[]): Result<FenceShape, FenceProblem> {
  const bound = checkSize(polygons.flat());
  if (bound !== null) return err(bound);
  const checked: Rings[] = [];
  for (const [index, rings] of polygons.entries()) {
    const polygon = checkPolygon(rings, `coordinates[${index}]`);
    if (!polygon.ok) return polygon;
    checked.push(polygon.value);
  }
  return ok({ kind: 'multipolygon', polygons: checked });
}

function checkCorridor(line: readonly LonLat[], widthM: number): Result<FenceShape, FenceProblem> {
  const bound = checkSize([line]);
  if (bound !== null) return err(bound);
  for (const [index, point] of line.entries()) {
    const problem = checkPoint(point, `coordinates[${index}]`);
    if (problem !== null) return err(problem);
  }
  const kept = line.filter(
    ([lon, lat], i) => i === 0 || lon !== line[i - 1]?.[0] || lat !== line[i - 1]?.[1],
  );
  const [first] = kept;
  if (first !== undefined && kept.length < 2) {
    return err({
      code: 'TOO_FEW_POINTS',
      path: 'coordinates',
      place: first,
      message: 'The line has one distinct point, expected at least two',
    });
  }
  const size = checkMetres(widthM, { name: 'widthM', most: FENCE_LIMITS.widthM });
  return size === null ? ok({ kind: 'corridor', line: kept, widthM }) : err(size);
}

function checkSize(lines: readonly (readonly LonLat[])[]): FenceProblem | null {
  const vertices = lines.reduce((sum, line) => sum + line.length, 0);
  const problem = (code: FenceProblem['code'], message: string): FenceProblem => ({
    code,
    path: 'coordinates',
    message,
  });
  if (vertices === 0) return problem('EMPTY', 'The fence has no coordinates');
  if (vertices > FENCE_LIMITS.vertices) {
    return problem(
      'TOO_MANY_VERTICES',
      `The fence has ${vertices} vertices, expected at most ${FENCE_LIMITS.vertices}`,
    );
  }
  if (lines.length > FENCE_LIMITS.rings) {
    return problem(
      'TOO_MANY_RINGS',
      `The fence has ${lines.length} rings, expected at most ${FENCE_LIMITS.rings}`,
    );
  }
  return null;
}

function checkMetres(
  value: number,
  limit: { readonly name: 'radiusM' | 'widthM'; readonly most: number },
): FenceProblem | null {
  const path = `properties.${limit.name}`;
  if (!Number.isFinite(value)) {
    return { code: 'NOT_A_NUMBER', path, message: `Got ${limit.name} ${value}, expected metres` };
  }
  if (value > 0 && value <= limit.most) return null;
  return {
    code: limit.name === 'radiusM' ? 'RADIUS_OUT_OF_RANGE' : 'WIDTH_OUT_OF_RANGE',
    path,
    message: `Got ${limit.name} ${value}, expected more than 0 and at most ${limit.most} metres`,
  };
}
