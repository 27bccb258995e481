package dev.machine.step;

/**
 * Shell by which a running engine is asked whether its containers survive it ({@code
 * LiveRestoreEnabled} in {@code /info}): what a SIGHUP turns on or off takes it a moment.
 */
final class LiveRestore {
    /**
     * {@code await_live true|false SECONDS} succeeds as soon as that is so. perl-base is essential
     * on Debian; curl and the docker CLI are not.
     */
    static final String FUNCTIONS =
            """
            live() { perl -MIO::Socket::UNIX -e '
                my $s = IO::Socket::UNIX->new(Peer => "/var/run/docker.sock") or exit 1;
                print $s "GET /info HTTP/1.0\\r\\n\\r\\n"; local $/; exit(<$s> =~ /"LiveRestoreEnabled":$ARGV[0]/ ? 0 : 1)' "$1"; }
            await_live() { for try in $(seq $(($2 * 4))); do if live "$1"; then return 0; fi; sleep 0.25; done; return 1; }
            """;

    private LiveRestore() {}
}
