package dev.machine.swarm.api;

/** Image names as people write them: {@code debian} is {@code docker.io/library/debian:latest}. */
final class ImageNames {
    private ImageNames() {}

    /**
     * The short form with its tag or digest: without the default registry, with the default tag.
     */
    static String familiar(String name) {
        String rest =
                name.startsWith("docker.io/")
                        ? name.substring("docker.io/".length())
                        : name.startsWith("index.docker.io/")
                                ? name.substring("index.docker.io/".length())
                                : name;
        rest = rest.startsWith("library/") ? rest.substring("library/".length()) : rest;
        boolean tagged = rest.contains("@") || rest.lastIndexOf(':') > rest.lastIndexOf('/');
        return tagged ? rest : rest + ":latest";
    }

    static boolean same(String one, String other) {
        return familiar(one).equals(familiar(other));
    }
}
