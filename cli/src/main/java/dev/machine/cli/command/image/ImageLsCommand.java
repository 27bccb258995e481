package dev.machine.cli.command.image;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image ls}: the table of names. */
public final class ImageLsCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("image ls", "List what names mean on which architecture.")
                .addOption(Options.value("FORM", "table, json, yaml or name", "-o", "--output"));
    }

    @Override
    public int run(Invocation call) {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("Name", "NAME");
        titles.put("Arch", "ARCH");
        titles.put("Image", "IMAGE");
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Map<String, Object>> structured = new ArrayList<>();
        ImagesDocument.read(call.services().store().images())
                .images()
                .properties()
                .forEach(
                        entry -> {
                            Map<String, Object> fields = new LinkedHashMap<>();
                            entry.getValue()
                                    .properties()
                                    .forEach(
                                            field -> {
                                                String image = field.getValue().asText();
                                                fields.put(field.getKey(), image);
                                                rows.add(
                                                        Map.of(
                                                                "Name",
                                                                entry.getKey(),
                                                                "Arch",
                                                                field.getKey(),
                                                                "Image",
                                                                image));
                                            });
                            Map<String, Object> row = new LinkedHashMap<>();
                            row.put("name", entry.getKey());
                            row.put("images", fields);
                            structured.add(row);
                        });
        call.console()
                .out()
                .print(
                        new Report(titles, rows, structured)
                                .render(Optional.empty(), call.value("--output"), "Name"));
        return ExitCode.OK;
    }
}
