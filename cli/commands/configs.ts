/** `trial configs`: shows and changes the settings of topics and brokers of a running cluster. */
import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { alterConfigs } from '../tools/configs/alter.ts';
import { describeConfigs } from '../tools/configs/describe.ts';
import { type ConfigsOptions, entityOf } from '../tools/configs/options.ts';
import { addConnectOptions, collect, oneAction, refuseOthers } from '../tools/connect-options.ts';
import { withAdmin } from '../tools/session.ts';

const GOES_WITH = {
  addConfig: ['alter'],
  addConfigFile: ['alter'],
  deleteConfig: ['alter'],
  all: ['describe'],
};

const RUN = { describe: describeConfigs, alter: alterConfigs };

export function addConfigs(command: Command, { terminal }: Context): Command {
  return addConnectOptions(
    command
      .name('configs')
      .description('show and change settings of topics and brokers, as kafka-configs.sh does'),
  )
    .option('--describe', 'show settings')
    .option('--alter', 'change settings')
    .addOption(new Option('--entity-type <type>', 'whose settings').choices(['topics', 'brokers']))
    .option('--entity-name <name>', 'a topic’s name or a broker’s id')
    .option('--entity-default', 'what holds for all brokers')
    .option('--topic <name>', 'short for --entity-type topics --entity-name')
    .option('--broker <id>', 'short for --entity-type brokers --entity-name')
    .option('--broker-defaults', 'short for --entity-type brokers --entity-default')
    .option('--all', 'also what was not changed while the cluster runs')
    .option('--add-config <k=v,…>', 'settings to set; lists in brackets: k=[a,b]')
    .option('--add-config-file <file>', 'such settings in a properties file')
    .option('--delete-config <k,…>', 'settings to take back', collect)
    .option('--json', 'as JSON on stdout (docs/reference/configs.schema.json)')
    .option('--json-file <file>', 'as JSON into a file')
    .action(async (options: ConfigsOptions) => {
      const action = oneAction(options, ['describe', 'alter']);
      refuseOthers(action, { ...options }, GOES_WITH);
      const entity = entityOf(options);
      await withAdmin(options, (session) => RUN[action](session, entity, options, terminal));
    });
}
