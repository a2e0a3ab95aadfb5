using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

/// <summary>A test that needs the real LibreOffice; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibreOfficeFactAttribute : FactAttribute
{
    public LibreOfficeFactAttribute() => Skip = WhyAbsent;

    internal static string? WhyAbsent => ToolChain.Find(LibreOffice.Program) is null ? $"{LibreOffice.Program} is not installed (package libreoffice-writer-nogui)" : null;
}

/// <summary>The same with cases over the shared input files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibreOfficeTheoryAttribute : TheoryAttribute
{
    public LibreOfficeTheoryAttribute() => Skip = LibreOfficeFactAttribute.WhyAbsent ?? SharedData.WhyAbsent;
}
