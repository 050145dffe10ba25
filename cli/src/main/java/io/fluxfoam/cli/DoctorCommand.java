package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.launch.FoamHome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code ./foam doctor}. */
@Command(
        name = "doctor",
        description = "Show what this machine has, and what each missing thing would give.")
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--json",
            description = "As JSON: {findings: [{thing, present, needed, detail, gives}]}.")
    private boolean json;

    /** What {@code --json} prints. */
    record Findings(List<Doctor.Finding> findings) {}

    /** Exit code 1 if something is missing without which the loop cannot run. */
    @Override
    public Integer call() throws Exception {
        List<Doctor.Finding> findings = new Doctor(FoamHome.current()).examine();
        if (json) {
            System.out.print(Json.indented(new Findings(findings)));
        } else {
            Table table = new Table("", "THING", "WHAT THERE IS");
            for (Doctor.Finding finding : findings) {
                String missing = finding.needed() ? "NEEDED" : "no";
                String gives = finding.present() ? "" : " (it would give: " + finding.gives() + ")";
                table.row(
                        finding.present() ? "ok" : missing,
                        finding.thing(),
                        finding.detail() + gives);
            }
            System.out.print(table);
        }
        return findings.stream().anyMatch(finding -> finding.needed() && !finding.present())
                ? 1
                : 0;
    }
}
