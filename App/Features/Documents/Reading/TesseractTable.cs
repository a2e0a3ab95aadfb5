using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Text and confidence from tesseract's table of words (TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text).</summary>
internal static class TesseractTable
{
    private const int BlockColumn = 2;
    private const int ParagraphColumn = 3;
    private const int LineColumn = 4;
    private const int WidthColumn = 8;
    private const int HeightColumn = 9;
    private const int ConfidenceColumn = 10;
    private const int TextColumn = 11;
    private const int LongWord = 4;

    public static OcrPage Read(string table)
    {
        var text = new StringBuilder();
        var (block, paragraph, line) = ("", "", "");
        double sum = 0, score = 0;
        var (words, wide, high) = (0, 0, 0);
        foreach (var row in table.Split('\n'))
        {
            var columns = row.TrimEnd('\r').Split('\t');
            if (columns.Length <= TextColumn || columns[0] != "5" || columns[TextColumn].Trim().Length == 0) continue;
            if (text.Length > 0)
            {
                var newParagraph = columns[BlockColumn] != block || columns[ParagraphColumn] != paragraph;
                text.Append(newParagraph ? "\n\n" : columns[LineColumn] != line ? "\n" : " ");
            }
            (block, paragraph, line) = (columns[BlockColumn], columns[ParagraphColumn], columns[LineColumn]);
            text.Append(columns[TextColumn]);
            if (columns[TextColumn].Length >= LongWord) _ = Number(columns[HeightColumn]) > Number(columns[WidthColumn]) ? high++ : wide++;
            if (!double.TryParse(columns[ConfidenceColumn], CultureInfo.InvariantCulture, out var confidence) || confidence < 0) continue;
            sum += confidence;
            score += Math.Max(0, confidence - OcrPage.Doubtful);
            words++;
        }
        return new OcrPage(text.ToString(), words == 0 ? null : Math.Round(sum / words, 1), words, Math.Round(score, 1)) { Sideways = high > wide };
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
