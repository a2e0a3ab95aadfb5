using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>
/// Turns formats that only LibreOffice reads into today's, in the same sandbox as every tool: a profile of its own in the working
/// folder, no macros, no links followed, no network. What comes out is read by the readers of the portal.
/// </summary>
internal static class LibreOffice
{
    public const string Program = "soffice";
    private const string ProgramFolder = "/usr/lib/libreoffice/program";
    private const long AddressBytes = 6L << 30;

    private const string Profile = """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
        <item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Java/ApplicationConfiguration"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
        </oor:items>
        """;

    /// <param name="format">Ending of the format to convert to, which <paramref name="read"/> reads.</param>
    public static Converter Through(string format, Func<string, StepContext, CancellationToken, Conversion> read) => new(Program, async (input, context, cancel) =>
    {
        context.Progress.Report(new StepProgress(10, new ReadReason("Converting")));
        var profile = context.Folder.File("office-profile");
        Directory.CreateDirectory(Path.Combine(profile, "user"));
        await File.WriteAllTextAsync(Path.Combine(profile, "user", "registrymodifications.xcu"), Profile, cancel);
        var output = context.Folder.File("office-" + format);
        Directory.CreateDirectory(output);
        // The name of the stored bytes has no ending: the program then goes by the content.
        var result = await context.Run(Program, ["-env:UserInstallation=" + new Uri(profile).AbsoluteUri, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
            "--convert-to", format, "--outdir", output, input.Source.Path], [input.Source.Path], cancel, WithMemory(context));
        var made = Directory.EnumerateFiles(output).FirstOrDefault();
        if (made is null && result.End == ToolEnd.Exited && MissingPackage(format) is { } package) return StepResult<Conversion>.Ended(ReadOutcome.Failed, "ToolMissingPackage", Program, package);
        if (ToolFaults.Of(result, Program, ReadOutcome.Damaged, "DocumentDamaged") is { } fault) return new(fault.Outcome, null, fault.Reason);
        if (made is null) return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "DocumentDamaged");
        var converted = await OwnReader.Run(Program, () => read(made, context, cancel), context, cancel);
        return converted.Output is { } conversion ? StepResult<Conversion>.Ready(conversion with { Engine = "libreoffice" }) : converted;
    });

    /// <summary>The program may be there without the part that reads a format; Debian packs them apart, and the program then only says that it failed.</summary>
    private static string? MissingPackage(string format)
    {
        var (library, package) = format switch
        {
            "docx" => ("libmswordlo.so", "libreoffice-writer-nogui"),
            "xlsx" => ("libanalysislo.so", "libreoffice-calc-nogui"),
            _ => ("libslideshowlo.so", "libreoffice-impress-nogui"),
        };
        return Directory.Exists(ProgramFolder) && !File.Exists(Path.Combine(ProgramFolder, library)) ? package : null;
    }

    /// <summary>It reserves several times the addresses that it uses; the limit counts reserved addresses, not memory in use.</summary>
    private static ToolLimits WithMemory(StepContext context) => context.Limits with { MemoryBytes = Math.Max(context.Limits.MemoryBytes, AddressBytes) };
}
