package dev.machine.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.output.Structured;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine image rules}: rules that rewrite a name for an architecture. The first match wins.
 */
public final class ImageRulesCommand implements Command {
    private static final String AIYARA = "aiyara";

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "image rules",
                        "Add, list and remove rules that rewrite names of images. The first match wins.\n\n"
                                + "  machine image rules add aiyara\n"
                                + "  machine image rules add '^([\\w.-]+):([\\w.-]+)$'"
                                + " except=amd64 \\\n      'default=aiyara/$1:$2.$arch'\n"
                                + "  machine image rules ls\n"
                                + "  machine image rules rm NUMBER")
                .addOption(
                        Options.value("FORM", "form of ls: table, json or yaml", "-o", "--output"))
                .addPositional(Options.word("add|ls|rm …", "see above"));
    }

    @Override
    public int run(Invocation call) {
        String what = call.words().isEmpty() ? "" : call.words().getFirst();
        List<String> rest =
                call.words().subList(Math.min(1, call.words().size()), call.words().size());
        return switch (what) {
            case "add" -> add(call, rest);
            case "ls" -> list(call);
            case "rm" -> remove(call, rest);
            default -> throw Invocation.usage("expected add, ls or rm");
        };
    }

    private static int add(Invocation call, List<String> rest) {
        if (rest.isEmpty()) {
            throw Invocation.usage("expected aiyara, or MATCH ARCH=TEMPLATE…");
        }
        List<ObjectNode> rules = rest.equals(List.of(AIYARA)) ? aiyara() : List.of(rule(rest));
        ImagesDocument.change(
                call.services().store(),
                document -> {
                    for (ObjectNode rule : rules) {
                        if (!document.rules().valueStream().toList().contains(rule)) {
                            document.rules().add(rule);
                        }
                    }
                });
        return ExitCode.OK;
    }

    /** The two rules that Aiyara's fork of Docker Swarm had built in. */
    private static List<ObjectNode> aiyara() {
        return List.of(
                rule(
                        List.of(
                                "^([\\w.-]+):([\\w.-]+)$",
                                "except=amd64",
                                "default=aiyara/$1:$2.$arch")),
                rule(
                        List.of(
                                "^([\\w.-]+)/([\\w.-]+):([\\w.-]+)$",
                                "except=amd64",
                                "default=aiyara/$1_$2:$3.$arch")));
    }

    private static ObjectNode rule(List<String> words) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode().put("match", words.getFirst());
        for (String pair : words.subList(1, words.size())) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw Invocation.usage("\"" + pair + "\" is not of the form ARCH=TEMPLATE");
            }
            String key = pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            if (key.equals("except")) {
                List.of(value.split(",")).forEach(rule.withArrayProperty(key)::add);
            } else {
                rule.put(key, value);
            }
        }
        if (words.size() == 1) {
            throw Invocation.usage("a rule needs a template: ARCH=TEMPLATE or default=TEMPLATE");
        }
        return rule;
    }

    private static int list(Invocation call) {
        JsonNode rules = ImagesDocument.read(call.services().store().images()).rules();
        String form = call.value("--output").orElse("table");
        switch (form) {
            case "json" ->
                    call.answer(
                            Structured.prettyJson(
                                    new ObjectMapper().convertValue(rules, List.class)));
            case "yaml" -> call.console().out().print(Structured.yaml(rules));
            case "table" -> {
                int number = 1;
                for (JsonNode rule : rules) {
                    call.answer(
                            number++ + "  " + Structured.yaml(rule).strip().replace("\n", "\n   "));
                }
            }
            default -> throw Invocation.usage("-o takes table, json or yaml, not \"" + form + "\"");
        }
        return ExitCode.OK;
    }

    private static int remove(Invocation call, List<String> rest) {
        if (rest.size() != 1 || !rest.getFirst().matches("[0-9]{1,4}")) {
            throw Invocation.usage(
                    "expected the number of a rule, as machine image rules ls shows it");
        }
        int number = Integer.parseInt(rest.getFirst());
        ImagesDocument.change(
                call.services().store(),
                document -> {
                    if (document.rules().remove(number - 1) == null) {
                        throw new MachineException(
                                "there is no rule " + number,
                                "machine image rules ls lists them",
                                ExitCode.NOT_FOUND);
                    }
                });
        return ExitCode.OK;
    }
}
