package dev.machine.cli.output;

import dev.machine.provisioning.store.CertificateFiles;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The output of {@code config}, {@code env} and {@code ip}, which run inside {@code $( )}. The fast
 * path and the full command line both use it, so that they cannot differ. Every output ends with a
 * line feed.
 */
public final class ConnectionText {
    private ConnectionText() {}

    /**
     * Flags for the docker CLI, one per line and without quotes: docker 29 no longer strips quotes,
     * so the shell must split the flags.
     */
    public static String config(Path certificates, String url) {
        return "--tlsverify\n--tlscacert="
                + certificates.resolve(CertificateFiles.CA)
                + "\n--tlscert="
                + certificates.resolve(CertificateFiles.USER)
                + "\n--tlskey="
                + certificates.resolve(CertificateFiles.USER_KEY)
                + "\n-H="
                + url
                + "\n";
    }

    /**
     * The commands of a shell that point docker at a machine.
     *
     * @param noProxy a variable and its new value, if {@code --no-proxy} was typed
     */
    public static String env(
            Shell shell,
            Path certificates,
            String url,
            String name,
            Optional<NoProxy> noProxy,
            String commandLine) {
        StringBuilder text = new StringBuilder();
        line(text, shell.set("DOCKER_TLS_VERIFY", "1"));
        line(text, shell.set("DOCKER_HOST", url));
        line(text, shell.set("DOCKER_CERT_PATH", certificates.toString()));
        line(text, shell.set("DOCKER_MACHINE_NAME", name));
        noProxy.ifPresent(it -> line(text, shell.set(it.variable(), it.value())));
        line(text, shell.hint(commandLine));
        return text.toString();
    }

    /** The commands that undo {@link #env}. */
    public static String unset(Shell shell, Optional<String> noProxyVariable, String commandLine) {
        StringBuilder text = new StringBuilder();
        line(text, shell.unset("DOCKER_TLS_VERIFY"));
        line(text, shell.unset("DOCKER_HOST"));
        line(text, shell.unset("DOCKER_CERT_PATH"));
        line(text, shell.unset("DOCKER_MACHINE_NAME"));
        noProxyVariable.ifPresent(it -> line(text, shell.unset(it)));
        line(text, shell.hint(commandLine));
        return text.toString();
    }

    /** The proxy variable that is in use, and its value including the address. */
    public record NoProxy(String variable, String value) {}

    /** The address in a URL, without the port and the brackets of IPv6. */
    public static String ip(String url) {
        String host = URI.create(url).getHost();
        if (host == null) {
            return url;
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * The command line as the user typed it, to be pasted; a program path with a blank is quoted.
     */
    public static String commandLine(String program, List<String> arguments) {
        StringBuilder text = new StringBuilder();
        text.append(
                program.indexOf(' ') >= 0 || program.indexOf('\\') >= 0
                        ? '"' + program + '"'
                        : program);
        for (String argument : arguments) {
            text.append(' ').append(argument);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
