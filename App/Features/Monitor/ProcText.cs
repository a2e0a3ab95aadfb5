using System.Buffers.Text;

namespace BlazorAdmin.Features.Monitor;

/// <summary>Cuts kernel text into lines, fields and numbers without allocating.</summary>
internal static class ProcText
{
    public static bool TryLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }

    public static bool TryField(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> field)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return !field.IsEmpty;
    }

    public static bool TryNumber(ref ReadOnlySpan<byte> line, out ulong number)
    {
        number = 0;
        return TryField(ref line, out var field)
            && Utf8Parser.TryParse(field, out number, out var used)
            && used == field.Length;
    }

    public static bool TryDecimal(ref ReadOnlySpan<byte> line, out double number)
    {
        number = 0;
        return TryField(ref line, out var field)
            && Utf8Parser.TryParse(field, out number, out var used)
            && used == field.Length;
    }

    public static bool Skip(ref ReadOnlySpan<byte> line, int fields)
    {
        for (var i = 0; i < fields; i++)
            if (!TryField(ref line, out _)) return false;
        return true;
    }
}
