using System.Text.Json;

namespace BlazorAdmin.Benchmarks.Figures;

/// <summary>Takes the figures: a line on screen and one JSON object in the file for each.</summary>
/// <param name="only">Beginning of the names that are wanted; null: all.</param>
public sealed class FigureSink(TextWriter screen, TextWriter? file, Machine machine, string? only)
{
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Whether figures whose names begin with <paramref name="beginning"/> are to be measured.</summary>
    public bool Wants(string beginning) =>
        only is null || only.StartsWith(beginning, StringComparison.Ordinal) || beginning.StartsWith(only, StringComparison.Ordinal);

    /// <summary>Says on screen what is being measured now.</summary>
    public void Say(string text) => screen.WriteLine(text);

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        screen.WriteLine(FigureTable.Line(figure));
        if (file is null) return;
        file.WriteLine(Json(figure));
        file.Flush();
    }

    private string Json(Figure figure) => JsonSerializer.Serialize(new
    {
        name = figure.Name,
        value = Rounded(figure.Value),
        unit = figure.Unit,
        better = figure.Better == Better.Higher ? "higher" : "lower",
        must = figure.Must,
        aim = figure.Aim,
        peer = figure.Peer,
        peerValue = Rounded(figure.PeerValue),
        probe = Rounded(figure.Probe.Value),
        probeReference = figure.Probe.Reference,
        machine = machine.Description,
    });

    // Four significant digits: more would be noise.
    private static double? Rounded(double? value) =>
        value is not { } number || number == 0 || !double.IsFinite(number)
            ? (value is { } odd && !double.IsFinite(odd) ? null : value)
            : double.Parse(number.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
