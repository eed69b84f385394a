import type { RuleField, RuleForm } from './rule-form.ts';

/** What is wrong with a field, in words; undefined when nothing is. */
export type FieldErrors = (field: RuleField) => string | undefined;

/** What every part of the editor gets. */
export interface RuleFieldsProps {
  readonly form: RuleForm;
  readonly onChange: (part: Partial<RuleForm>) => void;
  readonly errors: FieldErrors;
}
