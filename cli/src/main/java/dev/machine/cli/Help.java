package dev.machine.cli;

/** The texts of {@code machine help}. */
final class Help {
    private static final int NAME_WIDTH = 18;

    private static final String EXIT_CODES =
            """
            0    it worked
            1    an error, said on standard error
            2    the command line is wrong
            3    a check before create failed; nothing was changed
            4    some of several machines failed
            5    there is no such machine
            6    a machine could not be reached, or did not let us in
            7    a machine's host key has changed; nothing was sent to it
            130  interrupted
            141  nobody reads the answer any more
            machine ssh returns the exit code of the remote command.
            """;

    private Help() {}

    static String exitCodes() {
        return EXIT_CODES;
    }

    static String overview() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                Usage: machine [OPTIONS] COMMAND [ARGUMENTS...]

                Makes boards, cloud VMs and servers one Docker endpoint.

                Options:
                  -s, --storage-path PATH  the store (MACHINE_STORAGE_PATH, ~/.machine)
                  -D, --debug              show stack traces and what libraries log
                      --quiet              no progress
                  -v, --version            print the version
                  -h, --help               print this

                Commands:
                """);
        CommandList.summaries()
                .forEach(
                        (name, summary) ->
                                text.append("  ")
                                        .append(name)
                                        .repeat(' ', NAME_WIDTH - name.length())
                                        .append(summary)
                                        .append('\n'));
        text.append("\nRun 'machine COMMAND --help' for more information on a command.\n");
        return text.toString();
    }
}
