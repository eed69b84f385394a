import styles from './login-page.module.css';

const RINGS = [90, 170, 250, 330, 410, 490, 570];

/** A quiet picture of what the product does: one way through lines of distance. Decoration only. */
export function LoginBackdrop() {
  return (
    <svg
      className={styles['backdrop']}
      viewBox="0 0 1440 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <path
        className={styles['sea']}
        d="M0 0H520C500 120 560 190 470 290 390 380 250 360 190 470 130 580 210 690 120 790 80 840 30 860 0 900Z"
      />
      <path
        className={styles['sea']}
        d="M1440 560C1350 590 1300 660 1210 670 1120 690 1090 780 1010 800 930 820 900 870 890 900H1440Z"
      />
      {RINGS.map((radius) => (
        <circle key={radius} className={styles['ring']} cx={1080} cy={250} r={radius} />
      ))}
      <path
        className={styles['way']}
        d="M130 840C240 700 330 760 420 640 510 520 420 430 560 350 700 270 780 380 900 330 980 300 1020 280 1080 250"
      />
      <circle className={styles['haloDot']} cx={1080} cy={250} r={26} />
      <circle className={styles['dot']} cx={1080} cy={250} r={9} />
    </svg>
  );
}
