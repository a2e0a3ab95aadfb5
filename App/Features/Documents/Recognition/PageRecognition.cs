using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Recognition;

/// <summary>
/// Recognises one drawn page. The first way is tried alone; only a page that reads badly costs more: the other orientations when next to
/// nothing reads (the one tesseract's orientation detection names goes first), then the other segmentation, then evened-out light.
/// The way with the best score counts. Measured on photographed receipts: enlarging to 1,400 pixels and smoothing first, stopping at 80.
/// </summary>
internal sealed class PageRecognition(string drawn, int page, StepContext context)
{
    private const int PictureWidth = 1_400;
    private const double Clearly = 12;
    private const double Readable = 55;
    private const double NearlyAsGood = 0.9;
    private const double LargestEnlargement = 3;
    private const long LargestPixels = 24_000_000;
    private static readonly int[] Turns = [180, 90, 270];
    private GrayPicture? _picture;
    private string? _prepared;
    private (int Turn, PictureTreatment Treatment) _preparedFor;

    /// <summary>The text layer of a page (a PDF with invisible text only) that a searchable copy is made of.</summary>
    public static string LayerOf(StepContext context, int page) => context.Folder.File(string.Create(CultureInfo.InvariantCulture, $"layer-{page}.pdf"));

    public void RemovePictures()
    {
        File.Delete(drawn);
        if (_prepared is not null) File.Delete(_prepared);
    }

    /// <param name="first">Pictures are smoothed at once; a page that a program drew or scanned is read as it is.</param>
    public async Task<StepResult<OcrPage>> Best(PictureTreatment first, CancellationToken cancel)
    {
        var start = await Read(new RecognitionWay(0, first, 3), cancel);
        if (start.Output is not { } best) return start;
        if (best.ReadsWell) return StepResult<OcrPage>.Ready(await Upright(best, cancel));
        if (best.Words == 0)
        {
            // Nothing at all: a page of shadow, or none of text. One other way tells.
            best = await Better(best, new RecognitionWay(0, PictureTreatment.Flattened, 3), cancel);
            if (best.Words == 0) return StepResult<OcrPage>.Ready(best);
        }
        if (!best.StandsUpright) best = await Turned(best, first, cancel);
        foreach (var (treatment, segmentation) in new[] { (Treated(first), 6), (PictureTreatment.Flattened, 3), (PictureTreatment.Flattened, 6) })
        {
            if (best.ReadsWell) break;
            best = await Better(best, new RecognitionWay(best.Way!.Turn, treatment, segmentation), cancel);
        }
        return StepResult<OcrPage>.Ready(await Upright(best, cancel));
    }

    /// <summary>Recognises in a way that is known already, for the text layer.</summary>
    public Task<StepResult<OcrPage>> Again(RecognitionWay way, CancellationToken cancel) => Read(way, cancel);

    private static PictureTreatment Treated(PictureTreatment first) => first == PictureTreatment.None ? PictureTreatment.Smoothed : first;

    /// <summary>Lines that run up or down are read as they are; turned, the page also stands upright for those who look at it.</summary>
    private async Task<OcrPage> Upright(OcrPage best, CancellationToken cancel)
    {
        if (!best.Sideways) return best;
        foreach (var quarter in new[] { 90, 270 })
        {
            var way = best.Way! with { Turn = (best.Way!.Turn + quarter) % 360 };
            var turned = await Better(best, way, cancel, found => !found.Sideways && found.Score >= best.Score * NearlyAsGood);
            if (turned.Way == way) return turned;
        }
        return best;
    }

    private async Task<OcrPage> Turned(OcrPage best, PictureTreatment treatment, CancellationToken cancel)
    {
        var named = await NamedTurn(cancel);
        if (named is null)
        {
            // It stands as it should, or cannot be told: pale print is likelier than a page on its head.
            best = await Better(best, new RecognitionWay(0, PictureTreatment.Flattened, 3), cancel);
            if (best.StandsUpright) return best;
        }
        foreach (var turn in named is { } likely ? [likely, .. Turns.Where(turn => turn != likely)] : Turns)
        {
            var before = best;
            best = await Better(best, new RecognitionWay(turn, treatment, 3), cancel, found => found.Score > before.Score && IsSurelyBetter(found, before));
            if (best.StandsUpright) break;
        }
        return best;
    }

    /// <summary>A page is turned only when that makes it plainly readable: what is hardly read either way stays as it was given.</summary>
    private static bool IsSurelyBetter(OcrPage turned, OcrPage before) =>
        before.Way!.Turn != 0 || turned.StandsUpright || turned.Confidence >= Math.Max(Readable, (before.Confidence ?? 0) + Clearly);

    /// <summary>The turn that tesseract's own detection proposes; null when it sees none, or too few letters.</summary>
    private async Task<int?> NamedTurn(CancellationToken cancel)
    {
        var result = await context.Run("tesseract", [await Prepare(0, PictureTreatment.None, cancel), "stdout", "-l", "osd", "--psm", "0"], [], cancel);
        var line = result.Text.Split('\n').FirstOrDefault(text => text.StartsWith("Rotate:", StringComparison.Ordinal));
        return line is not null && int.TryParse(line.AsSpan(7).Trim(), CultureInfo.InvariantCulture, out var turn) && Turns.Contains(turn) ? turn : null;
    }

    private async Task<OcrPage> Better(OcrPage best, RecognitionWay way, CancellationToken cancel, Func<OcrPage, bool>? takes = null)
    {
        if (best.Way == way) return best;
        var layer = LayerOf(context, page);
        var kept = layer + ".best";
        if (File.Exists(layer)) File.Move(layer, kept, overwrite: true);
        var read = await Read(way, cancel);
        if (read.Output is { } found && (takes?.Invoke(found) ?? found.Score > best.Score))
        {
            File.Delete(kept);
            return found;
        }
        if (File.Exists(kept)) File.Move(kept, layer, overwrite: true);
        return best;
    }

    private async Task<StepResult<OcrPage>> Read(RecognitionWay way, CancellationToken cancel)
    {
        var picture = await Prepare(way.Turn, way.Treatment, cancel);
        var stem = LayerOf(context, page)[..^4];
        var result = await context.Run(
            "tesseract",
            [picture, stem, "-l", context.Options.Languages, "--psm", Text(way.Segmentation), "--dpi", Text(context.Options.Dpi), "-c", "textonly_pdf=1", "tsv", "pdf"], [], cancel);
        if (ToolFaults.Of(result, "tesseract", ReadOutcome.Damaged, "PictureDamaged") is { } fault) return new(fault.Outcome, null, fault.Reason);
        var table = stem + ".tsv";
        if (!File.Exists(table)) return StepResult<OcrPage>.Ended(ReadOutcome.Damaged, "PictureDamaged");
        var read = TesseractTable.Read(await File.ReadAllTextAsync(table, cancel)) with { Way = way };
        File.Delete(table);
        return StepResult<OcrPage>.Ready(read);
    }

    private async Task<string> Prepare(int turn, PictureTreatment treatment, CancellationToken cancel)
    {
        if (turn == 0 && treatment == PictureTreatment.None) return drawn;
        if (_prepared is { } ready && _preparedFor == (turn, treatment)) return ready;
        _picture ??= await GrayPicture.Read(drawn, context.Options.MaxPixels, cancel);
        var picture = _picture.Turn(turn);
        if (treatment == PictureTreatment.Flattened) picture = picture.Flatten();
        if (treatment != PictureTreatment.None) picture = picture.Enlarge(EnlargedWidth(picture)).Smooth();
        var path = context.Folder.File(string.Create(CultureInfo.InvariantCulture, $"prepared-{page}.pgm"));
        await picture.Write(path, cancel);
        (_prepared, _preparedFor) = (path, (turn, treatment));
        return path;
    }

    private static int EnlargedWidth(GrayPicture picture)
    {
        var factor = Math.Min(LargestEnlargement, (double)PictureWidth / Math.Min(picture.Width, picture.Height));
        factor = Math.Min(factor, Math.Sqrt((double)LargestPixels / ((long)picture.Width * picture.Height)));
        return factor <= 1 ? picture.Width : (int)Math.Round(picture.Width * factor);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
