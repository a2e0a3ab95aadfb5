using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// The mark every external process carries in its environment, so that processes left by a crash are found again:
/// data directory (hashed), node, owner process (id and start time), step.
/// </summary>
public sealed record StepMarker(string DataDirectory, string Node, int OwnerProcess, long OwnerStart, Guid Step)
{
    public const string Variable = "BLAZORADMIN_STEP";

    public static StepMarker ForThisProcess(string dataDirectory, string node)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataDirectory)));
        var safeNode = string.Concat(node.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));
        return new StepMarker(Convert.ToHexStringLower(hash)[..16], safeNode, Environment.ProcessId, ProcessTable.StartTime(Environment.ProcessId) ?? 0, Guid.Empty);
    }

    public StepMarker NewStep() => this with { Step = Guid.NewGuid() };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{DataDirectory}:{Node}:{OwnerProcess}.{OwnerStart}:{Step:n}");

    public static StepMarker? Parse(string value)
    {
        var parts = value.Split(':');
        if (parts.Length != 4) return null;
        var owner = parts[2].Split('.');
        return owner.Length == 2
            && int.TryParse(owner[0], CultureInfo.InvariantCulture, out var process)
            && long.TryParse(owner[1], CultureInfo.InvariantCulture, out var start)
            && Guid.TryParseExact(parts[3], "n", out var step)
            ? new StepMarker(parts[0], parts[1], process, start, step)
            : null;
    }
}
