package dev.machine.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.output.Column;
import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image ls}: the table of names. */
public final class ImageLsCommand implements Command {
    /** Which image a name means on one architecture. */
    private record Meaning(String name, String arch, String image) {}

    /** JSON and YAML have one entry per name instead. */
    private static final List<Column<Meaning>> COLUMNS =
            List.of(
                    Column.ofTable("NAME", "Name", Meaning::name),
                    Column.ofTable("ARCH", "Arch", Meaning::arch),
                    Column.ofTable("IMAGE", "Image", Meaning::image));

    @Override
    public CommandSpec spec() {
        return Options.command("image ls", "List which image each name means on each architecture.")
                .addOption(Options.value("FORM", "table, json, yaml or name", "-o", "--output"));
    }

    @Override
    public int run(Invocation call) {
        ObjectNode table = ImagesDocument.read(call.services().store().images()).images();
        List<Meaning> meanings = new ArrayList<>();
        List<Map<String, Object>> structured = new ArrayList<>();
        for (Map.Entry<String, JsonNode> name : table.properties()) {
            Map<String, String> images = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> image : name.getValue().properties()) {
                images.put(image.getKey(), image.getValue().asText());
                meanings.add(new Meaning(name.getKey(), image.getKey(), image.getValue().asText()));
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name.getKey());
            row.put("images", images);
            structured.add(row);
        }
        call.answer(Report.of(COLUMNS, meanings).withStructured(structured), "Name");
        return ExitCode.OK;
    }
}
