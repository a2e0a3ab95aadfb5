using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>Pushing metrics and traces to a collector of the organisation by OTLP over HTTP. Takes effect while running.</summary>
public sealed class OtlpOptions : IValidatableObject
{
    public const string Section = "Otlp";

    public bool Enabled { get; set; }

    /// <summary>Base address, for instance <c>http://collector:4318</c>; <c>/v1/metrics</c> and <c>/v1/traces</c> are appended.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Further headers, for instance <c>authorization=Bearer abc,x-team=portal</c>.</summary>
    [Secret, SentTo(nameof(Endpoint))]
    public string Headers { get; set; } = "";

    /// <summary>Seconds between two pushes of metrics.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 10;

    public bool Metrics { get; set; } = true;

    public bool Traces { get; set; } = true;

    /// <summary>The endpoint if it is usable.</summary>
    public Uri? Address => Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Enabled && Address is null) yield return new ValidationResult("Endpoint: give an absolute http or https address, for instance http://collector:4318.", [nameof(Endpoint)]);
        if (Headers.Length > 0 && Headers.Split(',').Any(header => header.IndexOf('=') < 1)) yield return new ValidationResult("Headers: give them as name=value, separated by commas.", [nameof(Headers)]);
    }
}
