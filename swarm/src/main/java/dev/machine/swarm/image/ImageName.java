package dev.machine.swarm.image;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image, taken apart: {@code debian} is {@code docker.io/library/debian:latest}. The
 * grammar is that of the distribution project's references; the first part is a registry if it has
 * a dot or a colon, or is {@code localhost}.
 *
 * @param registry {@code docker.io}, or {@code host[:port]}
 * @param path all folders and the repository, with {@code library/} where Docker Hub means it
 * @param tag null where none was written
 * @param digest {@code sha256:…}; null where none was written
 */
public record ImageName(
        String registry, String path, @Nullable String tag, @Nullable String digest) {
    private static final String HUB = "docker.io";
    private static final String LIBRARY = "library/";
    private static final String LATEST = "latest";

    /** Longer than any valid name. */
    private static final int MAX_LENGTH = 1024;

    /**
     * Parses a name; null if the text is no name, as the id of an image is none. It takes time
     * linear in the text, which may come from anybody.
     */
    public static @Nullable ImageName parse(String text) {
        if (text.length() > MAX_LENGTH || NameGrammar.isId(text)) {
            return null;
        }
        int at = text.indexOf('@');
        String digest = at < 0 ? null : text.substring(at + 1);
        String named = at < 0 ? text : text.substring(0, at);
        int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
        String tag = colon < 0 ? null : named.substring(colon + 1);
        String name = colon < 0 ? named : named.substring(0, colon);
        if ((digest != null && !NameGrammar.isDigest(digest))
                || (tag != null && !NameGrammar.isTag(tag))) {
            return null;
        }
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hosted =
                first.contains(".")
                        || first.contains(":")
                        || first.equals("localhost")
                        || !first.equals(first.toLowerCase(Locale.ROOT));
        String registry = hosted ? first : HUB;
        String path = hosted ? name.substring(slash + 1) : name;
        if (registry.equals("index." + HUB)) {
            registry = HUB;
        }
        if (registry.equals(HUB) && !path.contains("/")) {
            path = LIBRARY + path;
        }
        return NameGrammar.isDomain(registry) && NameGrammar.isPath(path)
                ? new ImageName(registry, path, tag, digest)
                : null;
    }

    /** What is wrong with a text that is neither a name nor an id, in Docker's words; else null. */
    public static @Nullable String problem(String text) {
        return NameGrammar.problem(text);
    }

    /**
     * The short form with tag or digest: {@code debian:latest}. A text that is no name stays as it
     * is.
     */
    public static String familiar(String text) {
        ImageName name = parse(text);
        return name == null ? text : name.familiar();
    }

    /** Whether two texts name the same image. */
    public static boolean same(String one, String other) {
        return familiar(one).equals(familiar(other));
    }

    /** The full form: {@code docker.io/library/debian:latest}. */
    public String canonical() {
        return registry + "/" + path + ending();
    }

    /** The short form, with a tag or digest: {@code debian:latest}. */
    public String familiar() {
        return repository() + ending();
    }

    /** As {@link #familiar()}, but without a tag that was not written. */
    public String shown() {
        return tag == null && digest == null ? repository() : familiar();
    }

    /** Without tag and digest: {@code debian}. */
    public String repository() {
        if (!registry.equals(HUB)) {
            return registry + "/" + path;
        }
        boolean official = path.startsWith(LIBRARY) && path.indexOf('/', LIBRARY.length()) < 0;
        return official ? path.substring(LIBRARY.length()) : path;
    }

    /** The tag, {@code latest} if none was written. */
    public String tagOrLatest() {
        return tag == null ? LATEST : tag;
    }

    /** The same image under another tag, or by a digest. */
    public ImageName at(String tagOrDigest) {
        return tagOrDigest.contains(":")
                ? new ImageName(registry, path, null, tagOrDigest)
                : new ImageName(registry, path, tagOrDigest, null);
    }

    // A digest alone says which image it is; a tag beside it has no effect.
    private String ending() {
        return digest == null ? ":" + tagOrLatest() : "@" + digest;
    }
}
