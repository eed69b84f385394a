import type { UserReply, WebhookReply } from '@followme/contracts';
import { ManyField } from '../../forms/many-field.tsx';
import { useChannels, usePeople, useWebhooks } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { RuleFieldsProps } from './rule-fields.ts';
import form from '../../forms/form.module.css';
import styles from './rules.module.css';

const text = messages.rules;
const WEEK_MIN = 10_080;
const DAY_MIN = 1_440;
const HALF_MIN = 0.5;

function toPerson({ id, name, email, disabled }: UserReply) {
  return { id, label: name, detail: disabled ? `${email}, ${text.personOff}` : email };
}

function toWebhook({ id, name, enabled }: WebhookReply) {
  return { id, label: name, detail: enabled ? undefined : text.webhookOff };
}

/** Who hears of it besides the control center, how often, and who when nobody answers. */
export function TellFields({ form: filled, onChange, errors }: RuleFieldsProps) {
  const people = (usePeople().data ?? []).map(toPerson);
  const webhooks = (useWebhooks().data ?? []).map(toWebhook);
  return (
    <div className={form['form']}>
      <p className={styles['sentence']}>{text.tellText}</p>
      <MailState />
      <ManyField
        label={text.people}
        placeholder={text.addPerson}
        items={people}
        value={filled.recipientIds}
        onChange={(recipientIds) => onChange({ recipientIds })}
        goneLabel={text.sentence.gonePerson}
        errorMessage={errors('recipients')}
      />
      {webhooks.length === 0 && filled.webhookIds.length === 0 ? (
        <p className={styles['detail']}>{text.noWebhooks}</p>
      ) : (
        <ManyField
          label={text.webhooks}
          placeholder={text.addWebhook}
          items={webhooks}
          value={filled.webhookIds}
          onChange={(webhookIds) => onChange({ webhookIds })}
          goneLabel={text.sentence.goneWebhook}
          errorMessage={errors('webhooks')}
        />
      )}
      <NumberField
        label={text.coolDown}
        value={filled.coolDownMin}
        onChange={(coolDownMin) => onChange({ coolDownMin })}
        minValue={0}
        maxValue={WEEK_MIN}
        unit={text.minutes}
        description={text.coolDownHint}
        errorMessage={errors('coolDown')}
      />
      <Switch isSelected={filled.escalates} onChange={(escalates) => onChange({ escalates })}>
        {text.escalateSwitch}
      </Switch>
      {filled.escalates && (
        <div className={styles['indented']}>
          <NumberField
            label={text.escalateAfter}
            value={filled.escalateAfterMin}
            onChange={(escalateAfterMin) => onChange({ escalateAfterMin })}
            minValue={HALF_MIN}
            maxValue={DAY_MIN}
            unit={text.minutes}
            errorMessage={errors('escalateAfter')}
          />
          <ManyField
            label={text.escalateTo}
            placeholder={text.addPerson}
            items={people}
            value={filled.escalateToIds}
            onChange={(escalateToIds) => onChange({ escalateToIds })}
            goneLabel={text.sentence.gonePerson}
            errorMessage={errors('escalateTo')}
          />
        </div>
      )}
    </div>
  );
}

/** Says that mail goes nowhere yet, where people are chosen who would wait for it. */
function MailState() {
  const channels = useChannels();
  if (channels.isError && channels.data === undefined) {
    return (
      <Banner kind="info" isLive={false}>
        {text.mailUnknown}
      </Banner>
    );
  }
  if (channels.data === undefined || channels.data.email.configured) return null;
  return (
    <Banner kind="warning" isLive={false} title={`${text.mailMissing}.`}>
      {text.mailMissingText}
    </Banner>
  );
}
