using System.Globalization;
using System.Text;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>
/// Uploads that can be gone on with, after the resumable upload protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload), core
/// with creation and termination. Beyond it: every request that changes something brings the portal's antiforgery token, a refusal is a
/// problem in words, and the request that finishes a file answers 200 with what it became.
/// </summary>
internal static class UploadEndpoints
{
    public const string Route = "/documents/uploads";
    public const string OffsetHeader = "Upload-Offset", LengthHeader = "Upload-Length", MetadataHeader = "Upload-Metadata", VersionHeader = "Tus-Resumable", PieceType = "application/offset+octet-stream";
    private const string Version = "1.0.0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // The middleware's check reads form bodies, and these bodies are files.
        var uploads = routes.MapGroup(Route).RequireAuthorization().DisableAntiforgery();
        uploads.MapGet("", List);
        uploads.MapPost("", Create);
        uploads.MapMethods("{id:guid}", [HttpMethods.Head], Head);
        uploads.MapPatch("{id:guid}", Append);
        uploads.MapDelete("{id:guid}", Drop);
        uploads.MapPost("{id:guid}/choice", Choose);
    }

    private static Task<IResult> List(HttpContext http, UploadService uploads, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, async () => TypedResults.Json(await uploads.Unfinished(http.RequestAborted)));

    private static Task<IResult> Create(HttpContext http, IAntiforgery antiforgery, UploadService uploads, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, antiforgery, async () =>
        {
            var metadata = Metadata(http.Request.Headers[MetadataHeader].ToString());
            if (metadata is null || !TryId(metadata, "collection", out var collection) || !TryId(metadata, "series", out var series)) return Problem(http, texts["MetadataUnreadable"], StatusCodes.Status400BadRequest);
            var state = await uploads.Announce(new UploadAnnouncement(metadata.GetValueOrDefault("filename"), Number(http.Request.Headers[LengthHeader]), collection, series), http.RequestAborted);
            http.Response.Headers.Location = $"{Route}/{state.Id}";
            Write(http.Response, state);
            return TypedResults.Json(state, statusCode: StatusCodes.Status201Created);
        });

    private static Task<IResult> Head(HttpContext http, Guid id, UploadService uploads, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, async () =>
        {
            Write(http.Response, await uploads.Find(id, http.RequestAborted));
            return TypedResults.Ok();
        });

    private static Task<IResult> Append(HttpContext http, Guid id, IAntiforgery antiforgery, UploadService uploads, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, antiforgery, async () =>
        {
            if (http.Request.ContentType != PieceType) return Problem(http, texts["PieceTypeWrong", PieceType], StatusCodes.Status415UnsupportedMediaType);
            if (Number(http.Request.Headers[OffsetHeader]) is not { } offset) return Problem(http, texts["OffsetMissing"], StatusCodes.Status400BadRequest);
            // The service knows the size that was announced; Kestrel's own limit is far below it.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = null;
            var state = await uploads.Append(id, offset, http.Request.ContentLength, http.Request.Body, http.RequestAborted);
            Write(http.Response, state);
            return state.Offset == state.Size ? TypedResults.Json(state) : TypedResults.NoContent();
        });

    private static Task<IResult> Drop(HttpContext http, Guid id, IAntiforgery antiforgery, UploadService uploads, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, antiforgery, async () =>
        {
            await uploads.Drop(id, http.RequestAborted);
            return TypedResults.NoContent();
        });

    private static Task<IResult> Choose(
        HttpContext http, Guid id, DuplicateChoice choice, Guid of, IAntiforgery antiforgery, UploadFinisher finisher, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options) =>
        Answer(http, texts, options, antiforgery, async () =>
            await finisher.Choose(id, choice, of, http.RequestAborted) ? TypedResults.NoContent() : Problem(http, texts["DuplicateGone"], StatusCodes.Status404NotFound));

    private static async Task<IResult> Answer(HttpContext http, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options, IAntiforgery antiforgery, Func<Task<IResult>> work)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Problem(http, texts["Stale"], StatusCodes.Status400BadRequest);
        return await Answer(http, texts, options, work);
    }

    private static async Task<IResult> Answer(HttpContext http, IStringLocalizer<IntakeTexts> texts, IOptionsMonitor<ReadingOptions> options, Func<Task<IResult>> work)
    {
        http.Response.Headers[VersionHeader] = Version;
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.Headers[VersionHeader] is { Count: > 0 } asked && asked != Version) return Problem(http, texts["ProtocolVersion", Version], StatusCodes.Status412PreconditionFailed);
        try
        {
            return await work();
        }
        catch (UploadRefusedException refused)
        {
            if (refused.Offset is { } offset) http.Response.Headers[OffsetHeader] = Text(offset);
            return Problem(http, Words(texts, refused.Refusal, options.CurrentValue), StatusOf(refused.Refusal));
        }
        catch (BadHttpRequestException broken)
        {
            return Problem(http, texts["Broken"], broken.StatusCode);
        }
        catch (FeatureOffException)
        {
            return Problem(http, texts["Off"], StatusCodes.Status503ServiceUnavailable);
        }
        catch (ReadOnlyException refused)
        {
            return Problem(http, texts["ReadOnly" + refused.Reason], StatusCodes.Status403Forbidden);
        }
        catch (ForbiddenException)
        {
            return Problem(http, texts["Forbidden"], StatusCodes.Status403Forbidden);
        }
    }

    private static IResult Problem(HttpContext http, string words, int status)
    {
        // The rest of a body that nobody reads would have to come before the next request of the connection.
        if (http.Request.ContentLength > 0 && status >= 400) http.Response.Headers.Connection = "close";
        return TypedResults.Problem(words, statusCode: status);
    }

    private static int StatusOf(UploadRefusal refusal) => refusal switch
    {
        UploadRefusal.NotFound => StatusCodes.Status404NotFound,
        UploadRefusal.WrongOffset => StatusCodes.Status409Conflict,
        UploadRefusal.Busy => StatusCodes.Status423Locked,
        UploadRefusal.TooLong or UploadRefusal.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        UploadRefusal.TooManyOpen or UploadRefusal.TooManyBytes => StatusCodes.Status429TooManyRequests,
        UploadRefusal.DiskFull => StatusCodes.Status507InsufficientStorage,
        UploadRefusal.SizeMissing => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status403Forbidden,
    };

    private static string Words(IStringLocalizer<IntakeTexts> texts, UploadRefusal refusal, ReadingOptions limits) => refusal switch
    {
        UploadRefusal.FileTooLarge => texts["RefusedFileTooLarge", limits.MaxFileBytes >> 20],
        UploadRefusal.TooManyOpen => texts["RefusedTooManyOpen", limits.MaxOpenUploads],
        UploadRefusal.TooManyBytes => texts["RefusedTooManyBytes", limits.MaxOpenUploadBytes >> 20],
        _ => texts["Refused" + refusal],
    };

    private static void Write(HttpResponse response, UploadState state)
    {
        response.Headers[OffsetHeader] = Text(state.Offset);
        response.Headers[LengthHeader] = Text(state.Size);
    }

    /// <summary>Pairs of a name and a value in Base64, joined by commas; null when it is something else.</summary>
    internal static Dictionary<string, string>? Metadata(string header)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split(' ', 2);
            try
            {
                if (!found.TryAdd(parts[0], parts.Length == 1 ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])))) return null;
            }
            catch (FormatException)
            {
                return null;
            }
        }
        return found;
    }

    private static bool TryId(Dictionary<string, string> metadata, string name, out Guid? id)
    {
        id = null;
        if (!metadata.TryGetValue(name, out var text) || text.Length == 0) return true;
        if (!Guid.TryParse(text, out var found)) return false;
        id = found;
        return true;
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
