package dev.machine.cli;

/** The texts of {@code machine --help} and {@code machine help exit-codes}. */
final class Help {
    private static final int NAME_WIDTH = 18;

    private static final String EXIT_CODES =
            """
            0    success
            1    an error; standard error has the message
            2    the command line is wrong
            3    a check before create failed; nothing was changed
            4    some of several machines failed
            5    there is no such machine
            6    a machine could not be reached, or refused the login
            7    a machine's host key has changed; nothing was sent to it
            130  interrupted
            141  the reader of standard output has closed it
            machine ssh returns the exit code of the remote command.
            """;

    private Help() {}

    static String exitCodes() {
        return EXIT_CODES;
    }

    static String overview() {
        StringBuilder text =
                new StringBuilder(
                        """
                        Usage: machine [OPTIONS] COMMAND [ARGUMENTS...]
                        Turns boards, cloud VMs and servers into one Docker endpoint.

                        """);
        for (CommandGroup group : CommandGroup.values()) {
            text.append(group.heading()).append(":\n");
            CommandList.summaries(group)
                    .forEach(
                            (name, summary) ->
                                    text.append("  ")
                                            .append(name)
                                            .repeat(' ', NAME_WIDTH - name.length())
                                            .append(summary)
                                            .append('\n'));
        }
        text.append(
                """

                Options of every command:
                  -s, --storage-path PATH  the store (MACHINE_STORAGE_PATH, ~/.machine)
                  -D, --debug              show stack traces and the logs of libraries
                  --quiet                  show no progress
                  -h, --help               show the help of the command
                machine -v, --version prints the version.
                """);
        return text.toString();
    }
}
