package dev.machine.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.cli.output.GoTemplate;
import dev.machine.cli.output.Structured;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.JsonFault;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine inspect}: a machine's whole record. A record never contains a secret. */
public final class InspectCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("inspect", "Print the record of a machine.")
                .addOption(
                        Options.value(
                                "TEMPLATE",
                                "Go template over the record, json or prettyjson",
                                "-f",
                                "--format"))
                .addOption(Options.value("FORM", "json, yaml or name", "-o", "--output"))
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        String name = MachineNames.one(call);
        call.services().store().load(name);
        Map<String, Object> record =
                read(call.services().store().machine(name).resolve("machine.json"));
        Optional<String> format = call.value("--format");
        if (format.isPresent()) {
            call.answer(formatted(format.get(), record));
            return ExitCode.OK;
        }
        switch (call.value("--output").orElse("json")) {
            case "json" -> call.answer(Structured.prettyJson(record));
            case "yaml" -> call.console().out().print(Structured.yaml(record));
            case "name" -> call.answer(name);
            default ->
                    throw Invocation.usage(
                            "-o takes json, yaml or name, not \""
                                    + call.value("--output").get()
                                    + "\"");
        }
        return ExitCode.OK;
    }

    private static String formatted(String format, Map<String, Object> record) {
        return switch (format) {
            case "json" -> Structured.json(record);
            case "prettyjson" -> Structured.prettyJson(record);
            default -> GoTemplate.parse(format).render(record, GoTemplate.Missing.NO_VALUE);
        };
    }

    // The file itself, not the parsed record, so that keys of other versions are shown too.
    private static Map<String, Object> read(Path file) {
        try {
            return new ObjectMapper().readValue(AtomicFiles.read(file), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new MachineException(file + " is not JSON: " + JsonFault.words(e), e);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }
}
