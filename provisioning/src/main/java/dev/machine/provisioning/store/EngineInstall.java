package dev.machine.provisioning.store;

import java.util.Locale;
import java.util.Optional;

/**
 * Where an engine comes from: {@code --engine-install}, {@code --engine-install-url}, {@code
 * --engine-install-key}, {@code --engine-version} and {@code --engine-apt-mirror}.
 *
 * @param url of an apt repository in the form of Docker's, the folder that has {@code dists/};
 *     Docker's own if empty
 * @param key the armored OpenPGP key that the repository is signed with; Docker's own if empty
 * @param version the package's or upstream's version; if empty, the installed one or else the
 *     newest
 * @param aptMirror of the distribution's packages: a URL, or a line as of sources.list(5); the
 *     node's own sources if empty
 */
public record EngineInstall(
        From from,
        Optional<String> url,
        Optional<String> key,
        Optional<String> version,
        Optional<String> aptMirror) {
    /** What a mirror may be, for messages. */
    public static final String APT_MIRROR =
            "the URL of a mirror, or one line of sources.list beginning with \"deb \"";

    /**
     * Whether a text is a mirror; any other text could become several lines of apt's configuration.
     */
    public static boolean isAptMirror(String text) {
        return text.matches("https?://[^\\s\\[\\]]+")
                || text.matches("deb (\\[[^]\\n]*] )?https?://[^\\s\\[\\]]+( [^\\s\\[\\]]+)+");
    }

    /** Who makes the package. */
    public enum From {
        DISTRO,
        DOCKER,
        NONE;

        /** The word of the option. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The value of an option; empty if there is none of that name. */
        public static Optional<From> of(String word) {
            for (From from : values()) {
                if (from.word().equals(word)) {
                    return Optional.of(from);
                }
            }
            return Optional.empty();
        }
    }

    /** The distribution's package, if there is no engine yet. */
    public static EngineInstall distro() {
        return new EngineInstall(
                From.DISTRO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same from this mirror; empty for the node's own sources. */
    public EngineInstall withAptMirror(Optional<String> mirror) {
        return new EngineInstall(from, url, key, version, mirror);
    }
}
