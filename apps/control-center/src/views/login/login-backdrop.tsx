import { cityPlan } from './city-plan.ts';
import styles from './login-page.module.css';

const plan = cityPlan();

/** A quiet map of a town that is nowhere, in the light of the brand. Decoration only. */
export function LoginBackdrop() {
  return (
    <div className={styles['backdrop']} aria-hidden="true">
      <svg viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice">
        <path className={styles['urban']} d={plan.urban} />
        <path className={styles['minor']} d={plan.minor} />
        <path className={styles['park']} d={plan.parks} />
        <path className={styles['water']} d={plan.water} />
        <path className={styles['moat']} d={plan.moat} />
        <path className={styles['rail']} d={plan.rail} />
        <path className={styles['mainCase']} d={plan.main} />
        <path className={styles['main']} d={plan.main} />
      </svg>
    </div>
  );
}
