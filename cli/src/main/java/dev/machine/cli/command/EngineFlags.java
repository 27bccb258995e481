package dev.machine.cli.command;

import dev.machine.store.Defaults;
import dev.machine.store.EngineSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code --engine-*} and {@code --tls-san}, the same for create and provision. Labels and options
 * are added to what is there, or taken away, key by key; a list that is given replaces the one that
 * was there, and the empty text empties it.
 */
final class EngineFlags {
    private static final String LABEL = "--engine-label";
    private static final String MIRROR = "--engine-registry-mirror";
    private static final String INSECURE = "--engine-insecure-registry";
    private static final String OPTION = "--engine-opt";
    private static final String STORAGE = "--engine-storage-driver";
    private static final String INSTALL = "--engine-install";
    private static final String LISTEN = "--engine-listen";
    private static final String SAN = "--tls-san";

    private EngineFlags() {}

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.values(
                                "KEY=VALUE", "label of the engine; KEY- takes it away", LABEL))
                .addOption(
                        Options.values(
                                "URL",
                                "registry mirror (ENGINE_REGISTRY_MIRROR, with commas); '' for none",
                                MIRROR))
                .addOption(
                        Options.values("HOST:PORT", "registry without TLS; '' for none", INSECURE))
                .addOption(
                        Options.values(
                                "KEY=VALUE",
                                "key of the engine's daemon.json; KEY- takes it away",
                                OPTION))
                .addOption(
                        Options.value(
                                "DRIVER", "the same as --engine-opt storage-driver=…", STORAGE))
                .addOption(
                        Options.value(
                                "HOW",
                                "distro: the distribution's package where Docker is missing; none: it"
                                        + " must be there",
                                INSTALL))
                .addOption(
                        Options.value(
                                "ADDRESS",
                                "the node's address to listen on instead of the one SSH reaches",
                                LISTEN))
                .addOption(Options.values("NAME", "further name in the server certificate", SAN));
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

    /** The settings after what this command line says. */
    static EngineSettings apply(Invocation call, EngineSettings before) {
        return new EngineSettings(
                merged(before.labels(), LABEL, call.values(LABEL)),
                list(call.values(MIRROR), before.registryMirrors()),
                list(call.values(INSECURE), before.insecureRegistries()),
                merged(before.options(), OPTION, options(call)),
                list(call.values(SAN), before.tlsSans()),
                call.value(INSTALL).map(EngineFlags::install).orElse(before.install()),
                call.value(LISTEN).or(before::listen));
    }

    private static String install(String how) {
        if (!how.equals("distro") && !how.equals("none")) {
            throw Invocation.usage(INSTALL + " takes distro or none, not \"" + how + "\"");
        }
        return how;
    }

    private static List<String> options(Invocation call) {
        List<String> all = new ArrayList<>(call.values(OPTION));
        call.value(STORAGE).ifPresent(driver -> all.add("storage-driver=" + driver));
        return all;
    }

    private static List<String> list(List<String> given, List<String> before) {
        return given.isEmpty() ? before : given.stream().filter(item -> !item.isEmpty()).toList();
    }

    private static Map<String, String> merged(
            Map<String, String> before, String option, List<String> given) {
        Map<String, String> all = new TreeMap<>(before);
        for (String text : given) {
            if (text.length() > 1 && text.endsWith("-") && !text.contains("=")) {
                all.remove(text.substring(0, text.length() - 1));
            } else {
                all.putAll(KeyValues.parse(option, List.of(text)));
            }
        }
        return all;
    }
}
