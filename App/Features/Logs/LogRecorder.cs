using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Features.Logs;

/// <summary>Makes an entry of one line: who, which job, which trace, the values by their names, and nothing secret.</summary>
internal sealed class LogRecorder(NodeInfo node, TimeProvider time)
{
    /// <summary>Names under which scopes and values say who and what.</summary>
    public const string UserId = "UserId", Job = "Job", JobId = "JobId", Reference = "Reference";

    public const int MessageLength = 4_000;
    public const int ExceptionLength = 16_000;

    private const int CategoryLength = 200;
    private const int ValueLength = 1_000;
    private const int MostValues = 30;
    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public LogEntry Record(LogLevel level, string category, string slice, string message, Exception? exception, IReadOnlyList<KeyValuePair<string, object?>>? values, IExternalScopeProvider scopes)
    {
        var found = new Found { JobId = JobExecutor.Current.Value };
        scopes.ForEachScope(static (scope, found) =>
        {
            if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                foreach (var (name, value) in pairs) found.Look(name, value);
        }, found);
        if (values is not null)
            foreach (var (name, value) in values)
            {
                found.Look(name, value);
                // The value stands in the sentence too.
                if (value is not null && LogMask.IsSecret(name) && Text(value) is { Length: > 0 } secret) message = message.Replace(secret, LogMask.Masked, StringComparison.Ordinal);
            }

        var activity = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;
        return new LogEntry
        {
            At = time.GetUtcNow(), Level = (byte)level, Slice = slice, Category = LogMask.Cut(category, CategoryLength), Message = LogMask.Clean(message, MessageLength),
            Exception = exception is null ? null : LogMask.Clean(exception.ToString(), ExceptionLength), Reference = found.Reference is { } reference ? LogMask.Storable(reference) : null, UserId = found.UserId, JobId = found.JobId,
            TraceId = activity?.TraceId.ToHexString(), SpanId = activity?.SpanId.ToHexString(), Node = node.Name, Values = Write(values),
        };
    }

    /// <summary>Stands for a line whose values or exception could not be written as text.</summary>
    public LogEntry Unreadable(LogLevel level, string category, string slice, Exception failure) => new()
    {
        At = time.GetUtcNow(), Level = (byte)level, Slice = slice, Category = LogMask.Cut(category, CategoryLength), Node = node.Name,
        Message = $"This line could not be read: writing its values as text failed with {failure.GetType().Name}.",
    };

    /// <summary>The part of the portal that a category belongs to: the slice's folder, or the first word of a library's name.</summary>
    public static string SliceOf(string category)
    {
        var words = category.Split('.');
        var slice = words is ["BlazorAdmin", "Features", var feature, ..] ? feature : words is ["BlazorAdmin", var part, ..] ? part : words[0];
        return slice.Length > 40 ? LogMask.Cut(slice, 40) : slice.Length == 0 ? "-" : slice;
    }

    private static string? Write(IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        if (values is null || values.Count == 0 || (values.Count == 1 && values[0].Key == Template)) return null;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            foreach (var (name, value) in values.Take(MostValues))
            {
                if (name == Template) continue;
                if (LogMask.IsSecret(name)) json.WriteString(name, LogMask.Masked);
                else WriteValue(json, name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case int or long or short or byte: json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            default: json.WriteString(name, LogMask.Clean(Text(value), ValueLength)); break;
        }
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private sealed class Found
    {
        public Guid? UserId { get; private set; }

        public long? JobId { get; set; }

        public string? Reference { get; private set; }

        public void Look(string name, object? value)
        {
            switch (name, value)
            {
                case (LogRecorder.UserId, Guid user): UserId = user; break;
                case (Job or LogRecorder.JobId, long job): JobId = job; break;
                case (LogRecorder.Reference, string { Length: > 0 and <= 20 } reference): Reference = reference; break;
            }
        }
    }
}
