using System.ComponentModel.DataAnnotations;
using System.Reflection;
using BlazorAdmin.Features.Audit;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Settings;

/// <summary>Checks the annotations of a section's options; each failure names the key, its value and where that comes from.</summary>
public sealed class SectionValidator<TOptions>(string section, IConfiguration configuration) : IValidateOptions<TOptions> where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var failures = Failures(options);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Select(f => Describe(f.Type, f.Path, f.Result)));
    }

    /// <summary>The failures with the key of each, where the options say which.</summary>
    internal IReadOnlyList<SettingIssue> Issues(TOptions options) =>
        [.. Failures(options).Select(f => f.Result.MemberNames.FirstOrDefault() is { } member
            ? new SettingIssue($"{f.Path}:{member}", SettingFault.Other, WithoutName(f.Result.ErrorMessage ?? "", member))
            : new SettingIssue(null, SettingFault.Other, f.Result.ErrorMessage ?? ""))];

    // The key stands before it already.
    private static string WithoutName(string message, string member) => message.StartsWith($"{member}: ", StringComparison.Ordinal) ? message[(member.Length + 2)..] : message;

    private List<(Type Type, string Path, ValidationResult Result)> Failures(TOptions options)
    {
        var failures = new List<(Type, string, ValidationResult)>();
        Check(options, section, failures, 0);
        return failures;
    }

    private static void Check(object options, string path, List<(Type, string, ValidationResult)> failures, int depth)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
            failures.AddRange(results.Select(result => (options.GetType(), path, result)));
        if (depth > 4) return;
        foreach (var property in options.GetType().GetProperties())
            if (property.GetIndexParameters().Length == 0 && property.PropertyType is { IsClass: true } type && type.Assembly == typeof(TOptions).Assembly && property.GetValue(options) is { } nested)
                Check(nested, $"{path}:{property.Name}", failures, depth + 1);
    }

    private string Describe(Type type, string path, ValidationResult result)
    {
        if (result.MemberNames.FirstOrDefault() is not { } member) return $"{path}: {result.ErrorMessage}";
        var key = $"{path}:{member}";
        if (type.GetProperty(member)?.GetCustomAttribute<SecretAttribute>() is not null) return $"{key}: {result.ErrorMessage}";
        var origin = SettingOrigin.Of(configuration, key);
        return origin.Value is null ? $"{key} is missing: {result.ErrorMessage}" : $"{key} is '{origin.Value}' ({origin.Describe()}): {result.ErrorMessage}";
    }
}
