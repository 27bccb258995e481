package dev.machine.cli.command;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.Defaults;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.provisioning.store.EngineSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code --engine-*} and {@code --tls-san}, the same for create and provision. Labels and entries
 * of daemon.json are added or removed key by key. A list replaces the recorded list; an empty text
 * empties it.
 */
final class EngineFlags {
    private static final String LABEL = "--engine-label";
    private static final String MIRROR = "--engine-registry-mirror";
    private static final String INSECURE = "--engine-insecure-registry";
    private static final String OPTION = "--engine-opt";
    private static final String STORAGE = "--engine-storage-driver";
    private static final String INSTALL = "--engine-install";
    private static final String INSTALL_URL = "--engine-install-url";
    private static final String INSTALL_KEY = "--engine-install-key";
    private static final String VERSION = "--engine-version";
    private static final String APT = "--engine-apt-mirror";
    private static final String LISTEN = "--engine-listen";
    private static final String SAN = "--tls-san";

    private EngineFlags() {}

    static List<OptionSpec> options() {
        return List.of(
                Options.values("KEY=VALUE", "label of the engine", LABEL),
                Options.values("KEY=VALUE", "entry of the engine's daemon.json", OPTION),
                Options.value("DRIVER", "same as --engine-opt storage-driver=DRIVER", STORAGE),
                Options.values("URL", "registry mirror (ENGINE_REGISTRY_MIRROR)", MIRROR),
                Options.values("HOST", "registry without TLS, HOST or HOST:PORT", INSECURE),
                Options.value(
                        "HOW",
                        "if Docker is missing: distro (the distribution's package, default),"
                                + " docker (Docker's apt repository) or none",
                        INSTALL),
                Options.value("URL", "Docker's apt repository, or a mirror of it", INSTALL_URL),
                Options.value("FILE", "the key that signs that mirror", INSTALL_KEY),
                Options.value("VERSION", "version of the engine, as 26.1.4", VERSION),
                Options.value("URL", "mirror of the distribution's packages", APT),
                Options.value("ADDRESS", "listen on this address of the node", LISTEN),
                Options.values("NAME", "additional name in the server certificate", SAN));
    }

    static HelpSection help() {
        return new HelpSection(
                "Engine",
                HelpSection.ofOptions("", options()).lines(),
                "KEY- removes a label or an entry; '' empties a list.");
    }

    /** The settings of a new machine: flags, else variables, else {@code config.yaml}. */
    static EngineSettings ofNew(Invocation call, Defaults defaults) {
        EngineSettings before = defaults.engine(EngineSettings.defaults());
        List<String> mirrors =
                call.console()
                        .variable("ENGINE_REGISTRY_MIRROR")
                        .map(text -> Arrays.asList(text.split(",")))
                        .orElse(before.registryMirrors());
        return apply(
                call,
                new EngineSettings(
                        before.labels(),
                        mirrors,
                        before.insecureRegistries(),
                        before.options(),
                        before.tlsSans(),
                        before.install(),
                        before.listen()));
    }

    /** The recorded settings with the changes of this command line. */
    static EngineSettings apply(Invocation call, EngineSettings before) {
        return new EngineSettings(
                merged(before.labels(), LABEL, call.values(LABEL)),
                list(call.values(MIRROR), before.registryMirrors()),
                list(call.values(INSECURE), before.insecureRegistries()),
                merged(before.options(), OPTION, options(call)),
                list(call.values(SAN), before.tlsSans()),
                install(call, before.install()),
                call.value(LISTEN).or(before::listen));
    }

    /**
     * Refuses the settings that need an engine on a node. A label is allowed, because {@code ls
     * --filter} uses it.
     *
     * @throws MachineException exit code 2
     */
    static void refuseWithoutNode(Invocation call, String driver) {
        for (String flag :
                List.of(
                        MIRROR,
                        INSECURE,
                        OPTION,
                        STORAGE,
                        INSTALL,
                        INSTALL_URL,
                        INSTALL_KEY,
                        VERSION,
                        APT,
                        LISTEN,
                        SAN)) {
            if (call.parsed().hasMatchedOption(flag)) {
                throw Invocation.usage(
                        "%s has no effect: driver %s has no node with an engine to set up"
                                .formatted(flag, driver));
            }
        }
    }

    private static EngineInstall install(Invocation call, EngineInstall before) {
        EngineInstall.From from = call.value(INSTALL).map(EngineFlags::from).orElse(before.from());
        for (String flag : List.of(INSTALL_URL, INSTALL_KEY)) {
            if (call.value(flag).isPresent() && from != EngineInstall.From.DOCKER) {
                throw Invocation.usage(
                        "%s needs %s=docker: it is for Docker's apt repository; machine runs no installation script"
                                .formatted(flag, INSTALL));
            }
        }
        return new EngineInstall(
                from,
                call.value(INSTALL_URL).map(EngineFlags::url).or(before::url),
                call.value(INSTALL_KEY).map(EngineFlags::key).or(before::key),
                call.value(VERSION).map(EngineFlags::version).or(before::version),
                aptMirror(call, before));
    }

    private static Optional<String> aptMirror(Invocation call, EngineInstall before) {
        Optional<String> given = call.value(APT);
        if (given.isEmpty()) {
            return before.aptMirror();
        }
        if (!given.get().isEmpty() && !EngineInstall.isAptMirror(given.get())) {
            throw Invocation.usage(
                    APT + " takes " + EngineInstall.APT_MIRROR + ", not \"" + given.get() + "\"");
        }
        return given.filter(text -> !text.isEmpty());
    }

    private static EngineInstall.From from(String word) {
        return EngineInstall.From.of(word)
                .orElseThrow(
                        () ->
                                Invocation.usage(
                                        INSTALL
                                                + " takes distro, docker or none, not \""
                                                + word
                                                + "\""));
    }

    /**
     * Checks the URL: a line of apt's sources takes no blank, and apt needs further packages for
     * other schemes.
     */
    private static String url(String text) {
        if (!text.matches("https?://[^\\s\\[\\]]+")) {
            throw Invocation.usage(
                    INSTALL_URL + " takes an http or https URL, not \"" + text + "\"");
        }
        return text.replaceAll("/+$", "");
    }

    /** Checks the characters that a Debian version may have (deb-version(7)). */
    private static String version(String text) {
        if (!text.matches("[0-9][A-Za-z0-9.+~:-]*")) {
            throw Invocation.usage(
                    VERSION + " takes a version such as 26.1.4, not \"" + text + "\"");
        }
        return text;
    }

    private static String key(String file) {
        try {
            String text = new String(AtomicFiles.read(Path.of(file)), StandardCharsets.ISO_8859_1);
            if (text.contains("-----BEGIN PGP PUBLIC KEY BLOCK-----")) {
                return text;
            }
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read the key " + file + ": " + AtomicFiles.reason(e),
                    null,
                    ExitCode.PRE_CREATE_CHECK,
                    e);
        }
        throw Invocation.usage(
                INSTALL_KEY
                        + ": "
                        + file
                        + " is not an armored OpenPGP key (gpg --armor --export)");
    }

    private static List<String> options(Invocation call) {
        List<String> all = new ArrayList<>(call.values(OPTION));
        call.value(STORAGE).ifPresent(driver -> all.add("storage-driver=" + driver));
        return all;
    }

    private static List<String> list(List<String> given, List<String> before) {
        return given.isEmpty() ? before : given.stream().filter(item -> !item.isEmpty()).toList();
    }

    /**
     * Refuses two values of one key: one of them would have no effect. docker-machine made a list
     * of some.
     */
    private static void refuseTwice(String option, Map<String, String> said, String text) {
        String key = text.replaceFirst("(?s)(=.*|-)$", "");
        String earlier = said.put(key, text);
        if (earlier != null && !earlier.equals(text)) {
            throw new MachineException(
                    "%s has %s twice: %s and %s".formatted(option, key, earlier, text),
                    option.equals(OPTION)
                            ? "give it once; a list is one value with commas, as "
                                    + OPTION
                                    + " dns=10.0.0.1,10.0.0.2"
                            : "give it once",
                    ExitCode.USAGE);
        }
    }

    private static Map<String, String> merged(
            Map<String, String> before, String option, List<String> given) {
        Map<String, String> all = new TreeMap<>(before);
        Map<String, String> said = new HashMap<>();
        for (String text : given) {
            refuseTwice(option, said, text);
            if (text.length() > 1 && text.endsWith("-") && !text.contains("=")) {
                all.remove(text.substring(0, text.length() - 1));
            } else {
                all.putAll(KeyValues.parse(option, List.of(text)));
            }
        }
        return all;
    }
}
