package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.ResourceText;
import dev.machine.provisioning.node.PackageManager.Effects;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks apt what it would do to other packages if it installed the engine, before anything is
 * changed ({@code apt-get -s}): packages that it would remove, downgrade, or change although they
 * are held.
 */
final class AptSimulation {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String LEAVE = "--allow-package-changes";

    private AptSimulation() {}

    /**
     * Simulates an installation.
     *
     * @param packages as apt-get takes them
     * @param wanted whether the user asked for these versions
     * @throws MachineException if it would harm other packages and the user did not allow it, or if
     *     it cannot work
     */
    static Effects of(
            PackageWork work,
            List<String> packages,
            boolean wanted,
            Optional<AptRepository> repository) {
        Script script = PackageVersions.prepare(work, repository);
        List<String> words = new ArrayList<>();
        words.add(ResourceText.read(AptSimulation.class, "simulate.sh"));
        words.add(repository.isPresent() ? PackageVersions.LIST : "");
        words.addAll(packages);
        script.run(
                "sh -c {} simulate {}" + " {}".repeat(packages.size()),
                words.toArray(String[]::new));
        ScriptResult answer = work.shell().asRoot(script, DEADLINE);
        Effects said = parse(answer.out(), wanted ? packages : List.of());
        if (answer.out().contains("failed=yes")) {
            if (work.facts().clockIsOff()) {
                // apt refuses signatures until the clock is set; the installation stops by itself
                // before
                // it removes anything.
                return said;
            }
            throw failure(packages, answer);
        }
        if (!said.harm().isEmpty() && !work.mayChangePackages()) {
            throw refusal(packages, said);
        }
        return said;
    }

    /**
     * Reads what simulate.sh said.
     *
     * @param wanted packages, with versions, that may become older
     */
    static Effects parse(String out, List<String> wanted) {
        List<String> names = wanted.stream().map(name -> name.split("=", 2)[0]).toList();
        List<String> harm = new ArrayList<>();
        List<String> held = new ArrayList<>();
        List<String> blocking = new ArrayList<>();
        for (String line : out.split("\n")) {
            String[] word = line.substring(line.indexOf('=') + 1).split(" ");
            switch (line.substring(0, Math.max(0, line.indexOf('=')))) {
                case "remove" -> harm.add("remove %s %s".formatted(word[0], last(word, 1)));
                case "held" -> {
                    harm.add("change %s, which is held at %s".formatted(word[0], last(word, 1)));
                    held.add(word[0]);
                }
                case "overwrite" ->
                        harm.add("replace %s, which is no package's".formatted(word[0]));
                case "blocking" -> blocking.add(word[0]);
                case "downgrade" -> {
                    if (!names.contains(word[0])) {
                        harm.add(
                                "change %s from %s to the older %s"
                                        .formatted(word[0], last(word, 1), last(word, 2)));
                    }
                }
                default -> {}
            }
        }
        return new Effects(harm, held, blocking);
    }

    private static String last(String[] words, int index) {
        return index < words.length ? words[index] : "?";
    }

    private static MachineException refusal(List<String> packages, Effects effects) {
        return new MachineException(
                "to install %s, apt would %s"
                        .formatted(names(packages), String.join(", and ", effects.harm())),
                (!effects.held().isEmpty()
                                ? "release them there (sudo apt-mark unhold %s), or allow it with %s"
                                        .formatted(String.join(" ", effects.held()), LEAVE)
                                : "allow it with %s (`machine rm --purge` brings them back), or remove them there yourself"
                                        .formatted(LEAVE))
                        + "; nothing was changed on the node",
                ExitCode.PRE_CREATE_CHECK);
    }

    private static MachineException failure(List<String> packages, ScriptResult answer) {
        String unmet =
                answer.err()
                        .lines()
                        .filter(line -> line.matches(" \\S+ : .*"))
                        .map(line -> line.strip().replaceAll(" +", " ").replace(" : ", " "))
                        .distinct()
                        .collect(Collectors.joining("; "));
        List<String> all =
                answer.out()
                        .lines()
                        .filter(line -> line.startsWith("holds="))
                        .flatMap(
                                line ->
                                        List.of(line.substring("holds=".length()).split(" "))
                                                .stream())
                        .filter(name -> !name.isEmpty())
                        .toList();
        List<String> named =
                all.stream().filter(name -> unmet.matches(".*\\b\\Q" + name + "\\E\\b.*")).toList();
        String held = String.join(" ", named.isEmpty() ? all : named);
        if (!unmet.isEmpty() && !held.isEmpty()) {
            return new MachineException(
                    "apt cannot install %s: %s; the node holds back %s"
                            .formatted(names(packages), unmet, held.replace(" ", ", ")),
                    "release them there: sudo apt-mark unhold %s; nothing was changed on the node"
                            .formatted(held),
                    ExitCode.PRE_CREATE_CHECK);
        }
        Optional<InstallFailure.Said> known = InstallFailure.known(answer.err());
        List<String> why = new ArrayList<>();
        if (!unmet.isEmpty()) {
            why.add(unmet);
        }
        known.map(InstallFailure.Said::sentence).ifPresent(why::add);
        if (why.isEmpty()) {
            why.add(InstallFailure.errors(answer.err()));
        }
        return new MachineException(
                known.isPresent() && unmet.isEmpty()
                        ? why.getFirst()
                        : "apt cannot install %s: %s"
                                .formatted(names(packages), String.join("; ", why)),
                known.map(InstallFailure.Said::hint)
                                .orElse(
                                        "repair the node's packages (sudo apt-get -s install %s shows what is wrong)"
                                                .formatted(names(packages)))
                        + "; nothing was changed on the node",
                ExitCode.PRE_CREATE_CHECK);
    }

    private static String names(List<String> packages) {
        return packages.stream()
                .map(name -> name.split("=", 2)[0])
                .collect(Collectors.joining(" "));
    }
}
