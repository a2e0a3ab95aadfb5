using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Tests.Features.Settings;

public sealed class ProbeOptions
{
    [Range(1, 100)]
    public int Size { get; set; } = 10;

    public string Color { get; set; } = "green";

    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(5);

    [Secret]
    public string? Password { get; set; }

    public string Target { get; set; } = "";

    [Secret, SentTo(nameof(Target))]
    public string? Token { get; set; }

    public Inner Deep { get; } = new();

    public IList<string> Names { get; } = [];

    public sealed class Inner
    {
        [Required]
        public string Word { get; set; } = "word";
    }
}
