using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorAdmin.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Documents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Edition",
                table: "Documents",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "Findings",
                table: "Documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "IsLatest",
                table: "Documents",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "KeepUntil",
                table: "Documents",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Origin",
                table: "Documents",
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "Upload");

            migrationBuilder.AddColumn<string>(
                name: "OriginPath",
                table: "Documents",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ParentId",
                table: "Documents",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ParentPart",
                table: "Documents",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "Quality",
                table: "Documents",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "QualityReasons",
                table: "Documents",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SearchableSha256",
                table: "Documents",
                type: "character varying(64)",
                unicode: false,
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SearchableSize",
                table: "Documents",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SeriesId",
                table: "Documents",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            // What is there already is the first version of a document of its own.
            migrationBuilder.Sql("UPDATE \"Documents\" SET \"SeriesId\" = \"Id\"");
            // The words of a page; the limit keeps a huge page below the largest size of a tsvector.
            migrationBuilder.Sql("CREATE INDEX \"IX_DocumentPages_Words\" ON \"DocumentPages\" USING gin (to_tsvector('simple', substring(\"Text\", 1, 100000)))");
            // The words of a name, whatever joins them.
            migrationBuilder.Sql("CREATE INDEX \"IX_Documents_NameWords\" ON \"Documents\" USING gin (to_tsvector('simple', replace(replace(replace(\"Name\", '.', ' '), '_', ' '), '-', ' ')))");

            migrationBuilder.AddColumn<Guid>(
                name: "SuggestedByModelId",
                table: "Documents",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "SuggestedConfidence",
                table: "Documents",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SuggestedTypeId",
                table: "Documents",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "TypeId",
                table: "Documents",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TypeSource",
                table: "Documents",
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ClassifierModels",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    ReasonKey = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReasonArguments = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Documents = table.Column<int>(type: "integer", nullable: false),
                    Types = table.Column<int>(type: "integer", nullable: false),
                    Accuracy = table.Column<double>(type: "double precision", nullable: true),
                    MacroF1 = table.Column<double>(type: "double precision", nullable: true),
                    CalibrationError = table.Column<double>(type: "double precision", nullable: true),
                    Threshold = table.Column<double>(type: "double precision", nullable: false),
                    Card = table.Column<string>(type: "text", nullable: true),
                    Sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    Size = table.Column<long>(type: "bigint", nullable: true),
                    JobId = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    TrainedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClassifierModels", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Collections",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    IsRestricted = table.Column<bool>(type: "boolean", nullable: false),
                    Languages = table.Column<string>(type: "character varying(100)", unicode: false, maxLength: 100, nullable: true),
                    RetentionDays = table.Column<int>(type: "integer", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Collections", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DocumentBands",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Band = table.Column<short>(type: "smallint", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Hash = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentBands", x => new { x.DocumentId, x.Band });
                    table.ForeignKey(
                        name: "FK_DocumentBands_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DocumentFields",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Value = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Extracted = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    ByPerson = table.Column<bool>(type: "boolean", nullable: false),
                    Confidence = table.Column<double>(type: "double precision", nullable: false),
                    Page = table.Column<int>(type: "integer", nullable: true),
                    Start = table.Column<int>(type: "integer", nullable: true),
                    Length = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentFields", x => new { x.DocumentId, x.Name });
                    table.ForeignKey(
                        name: "FK_DocumentFields_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DocumentSketches",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Signature = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentSketches", x => x.DocumentId);
                    table.ForeignKey(
                        name: "FK_DocumentSketches_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DocumentTypes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentTypes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EntityMentions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Page = table.Column<int>(type: "integer", nullable: false),
                    Start = table.Column<int>(type: "integer", nullable: false),
                    Length = table.Column<int>(type: "integer", nullable: false),
                    Text = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Value = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    Confidence = table.Column<double>(type: "double precision", nullable: false),
                    RuleId = table.Column<Guid>(type: "uuid", nullable: true),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EntityMentions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_EntityMentions_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ExtractionReports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Documents = table.Column<int>(type: "integer", nullable: false),
                    Result = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExtractionReports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ExtractionRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: false),
                    MatchCase = table.Column<bool>(type: "boolean", nullable: false),
                    IsEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    IsField = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExtractionRules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "KeptDuplicates",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    OtherId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    KeptAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeptDuplicates", x => new { x.DocumentId, x.OtherId });
                    table.ForeignKey(
                        name: "FK_KeptDuplicates_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PageCorrections",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Page = table.Column<int>(type: "integer", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    Before = table.Column<string>(type: "text", nullable: false),
                    CorrectedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PageCorrections", x => new { x.DocumentId, x.Page });
                    table.ForeignKey(
                        name: "FK_PageCorrections_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Tags",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tags", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "UploadSessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Received = table.Column<long>(type: "bigint", nullable: false),
                    CollectionId = table.Column<Guid>(type: "uuid", nullable: true),
                    SeriesId = table.Column<Guid>(type: "uuid", nullable: true),
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    TouchedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UploadSessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_UploadSessions_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchedFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Folder = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Path = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    ModifiedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Sha256 = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: true),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReasonKey = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReasonArguments = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    SeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchedFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CollectionGrants",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CollectionId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    RoleId = table.Column<Guid>(type: "uuid", nullable: true),
                    UserId = table.Column<Guid>(type: "uuid", nullable: true),
                    Right = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CollectionGrants", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CollectionGrants_Collections_CollectionId",
                        column: x => x.CollectionId,
                        principalTable: "Collections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_CollectionGrants_Roles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "Roles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_CollectionGrants_Users_UserId",
                        column: x => x.UserId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ValidationRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    TypeId = table.Column<Guid>(type: "uuid", nullable: true),
                    Kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Field = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: true),
                    OtherField = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Message = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    IsEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ValidationRules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ValidationRules_DocumentTypes_TypeId",
                        column: x => x.TypeId,
                        principalTable: "DocumentTypes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DocumentTags",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    TagId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentTags", x => new { x.DocumentId, x.TagId });
                    table.ForeignKey(
                        name: "FK_DocumentTags_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_DocumentTags_Tags_TagId",
                        column: x => x.TagId,
                        principalTable: "Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ValidationFindings",
                columns: table => new
                {
                    DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                    RuleId = table.Column<Guid>(type: "uuid", nullable: false),
                    TenantId = table.Column<Guid>(type: "uuid", nullable: false),
                    ReasonKey = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ReasonArguments = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    FoundAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ValidationFindings", x => new { x.DocumentId, x.RuleId });
                    table.ForeignKey(
                        name: "FK_ValidationFindings_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ValidationFindings_ValidationRules_RuleId",
                        column: x => x.RuleId,
                        principalTable: "ValidationRules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_CollectionId",
                table: "Documents",
                column: "CollectionId");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_KeepUntil",
                table: "Documents",
                column: "KeepUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_ParentId_ParentPart",
                table: "Documents",
                columns: new[] { "ParentId", "ParentPart" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_SearchableSha256",
                table: "Documents",
                column: "SearchableSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_SeriesId_Edition",
                table: "Documents",
                columns: new[] { "SeriesId", "Edition" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_CollectionId_CreatedAt_Id",
                table: "Documents",
                columns: new[] { "TenantId", "CollectionId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_DeletedAt_Id",
                table: "Documents",
                columns: new[] { "TenantId", "DeletedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_Quality_Id",
                table: "Documents",
                columns: new[] { "TenantId", "Quality", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_SuggestedTypeId_SuggestedConfidence",
                table: "Documents",
                columns: new[] { "TenantId", "SuggestedTypeId", "SuggestedConfidence" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_TypeId_CreatedAt_Id",
                table: "Documents",
                columns: new[] { "TenantId", "TypeId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TypeId",
                table: "Documents",
                column: "TypeId");

            migrationBuilder.CreateIndex(
                name: "IX_ClassifierModels_Sha256",
                table: "ClassifierModels",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_ClassifierModels_TenantId_Number",
                table: "ClassifierModels",
                columns: new[] { "TenantId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectionGrants_CollectionId_RoleId_UserId",
                table: "CollectionGrants",
                columns: new[] { "CollectionId", "RoleId", "UserId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CollectionGrants_RoleId",
                table: "CollectionGrants",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_CollectionGrants_UserId",
                table: "CollectionGrants",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Collections_TenantId_NormalizedName",
                table: "Collections",
                columns: new[] { "TenantId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DocumentBands_TenantId_Band_Hash_DocumentId",
                table: "DocumentBands",
                columns: new[] { "TenantId", "Band", "Hash", "DocumentId" });

            migrationBuilder.CreateIndex(
                name: "IX_DocumentFields_TenantId_Name_Value",
                table: "DocumentFields",
                columns: new[] { "TenantId", "Name", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_DocumentTags_TagId_DocumentId",
                table: "DocumentTags",
                columns: new[] { "TagId", "DocumentId" });

            migrationBuilder.CreateIndex(
                name: "IX_DocumentTypes_TenantId_NormalizedName",
                table: "DocumentTypes",
                columns: new[] { "TenantId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EntityMentions_DocumentId_Page_Start",
                table: "EntityMentions",
                columns: new[] { "DocumentId", "Page", "Start" });

            migrationBuilder.CreateIndex(
                name: "IX_EntityMentions_TenantId_Kind_Value",
                table: "EntityMentions",
                columns: new[] { "TenantId", "Kind", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_ExtractionReports_TenantId_CreatedAt",
                table: "ExtractionReports",
                columns: new[] { "TenantId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ExtractionRules_TenantId_NormalizedName",
                table: "ExtractionRules",
                columns: new[] { "TenantId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_KeptDuplicates_OtherId",
                table: "KeptDuplicates",
                column: "OtherId");

            migrationBuilder.CreateIndex(
                name: "IX_Tags_TenantId_NormalizedName",
                table: "Tags",
                columns: new[] { "TenantId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_UploadSessions_OwnerId_TouchedAt",
                table: "UploadSessions",
                columns: new[] { "OwnerId", "TouchedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_UploadSessions_TouchedAt",
                table: "UploadSessions",
                column: "TouchedAt");

            migrationBuilder.CreateIndex(
                name: "IX_ValidationFindings_RuleId",
                table: "ValidationFindings",
                column: "RuleId");

            migrationBuilder.CreateIndex(
                name: "IX_ValidationRules_TenantId_NormalizedName",
                table: "ValidationRules",
                columns: new[] { "TenantId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ValidationRules_TypeId",
                table: "ValidationRules",
                column: "TypeId");

            migrationBuilder.CreateIndex(
                name: "IX_WatchedFiles_DocumentId",
                table: "WatchedFiles",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_WatchedFiles_TenantId_Folder_State_SeenAt",
                table: "WatchedFiles",
                columns: new[] { "TenantId", "Folder", "State", "SeenAt" });

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_Collections_CollectionId",
                table: "Documents",
                column: "CollectionId",
                principalTable: "Collections",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_DocumentTypes_TypeId",
                table: "Documents",
                column: "TypeId",
                principalTable: "DocumentTypes",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.CreateIndex(
                name: "IX_WatchedFiles_TenantId_Folder_Path",
                table: "WatchedFiles",
                columns: new[] { "TenantId", "Folder", "Path" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WatchedFiles_TenantId_SeenAt_Id",
                table: "WatchedFiles",
                columns: new[] { "TenantId", "SeenAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Findings",
                table: "Documents",
                columns: new[] { "TenantId", "CreatedAt", "Id" },
                filter: "\"Findings\" > 0");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Labelled",
                table: "Documents",
                columns: new[] { "TenantId", "TypeId", "IsLatest", "State" },
                filter: "\"TypeSource\" = 'Person' AND \"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_Origin_CreatedAt_Id",
                table: "Documents",
                columns: new[] { "TenantId", "Origin", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_TenantId_Type_CreatedAt_Id",
                table: "Documents",
                columns: new[] { "TenantId", "Type", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Unsure",
                table: "Documents",
                columns: new[] { "TenantId", "SuggestedConfidence", "Id" },
                filter: "\"TypeId\" IS NULL AND \"TypeSource\" IS NULL AND \"SuggestedTypeId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_WatchedFiles_TenantId_Folder_Path",
                table: "WatchedFiles");

            migrationBuilder.DropIndex(
                name: "IX_WatchedFiles_TenantId_SeenAt_Id",
                table: "WatchedFiles");

            migrationBuilder.DropIndex(
                name: "IX_Documents_Findings",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_Labelled",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_Origin_CreatedAt_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_Type_CreatedAt_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_Unsure",
                table: "Documents");

            migrationBuilder.Sql("DROP INDEX \"IX_Documents_NameWords\"");
            migrationBuilder.Sql("DROP INDEX \"IX_DocumentPages_Words\"");

            migrationBuilder.DropForeignKey(
                name: "FK_Documents_Collections_CollectionId",
                table: "Documents");

            migrationBuilder.DropForeignKey(
                name: "FK_Documents_DocumentTypes_TypeId",
                table: "Documents");

            migrationBuilder.DropTable(
                name: "ClassifierModels");

            migrationBuilder.DropTable(
                name: "CollectionGrants");

            migrationBuilder.DropTable(
                name: "DocumentBands");

            migrationBuilder.DropTable(
                name: "DocumentFields");

            migrationBuilder.DropTable(
                name: "DocumentSketches");

            migrationBuilder.DropTable(
                name: "DocumentTags");

            migrationBuilder.DropTable(
                name: "EntityMentions");

            migrationBuilder.DropTable(
                name: "ExtractionReports");

            migrationBuilder.DropTable(
                name: "ExtractionRules");

            migrationBuilder.DropTable(
                name: "KeptDuplicates");

            migrationBuilder.DropTable(
                name: "PageCorrections");

            migrationBuilder.DropTable(
                name: "UploadSessions");

            migrationBuilder.DropTable(
                name: "ValidationFindings");

            migrationBuilder.DropTable(
                name: "WatchedFiles");

            migrationBuilder.DropTable(
                name: "Collections");

            migrationBuilder.DropTable(
                name: "Tags");

            migrationBuilder.DropTable(
                name: "ValidationRules");

            migrationBuilder.DropTable(
                name: "DocumentTypes");

            migrationBuilder.DropIndex(
                name: "IX_Documents_CollectionId",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_KeepUntil",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_ParentId_ParentPart",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_SearchableSha256",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_SeriesId_Edition",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_CollectionId_CreatedAt_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_DeletedAt_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_Quality_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_SuggestedTypeId_SuggestedConfidence",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TenantId_TypeId_CreatedAt_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_TypeId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Edition",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Findings",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "IsLatest",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "KeepUntil",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Origin",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "OriginPath",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "ParentId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "ParentPart",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Quality",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "QualityReasons",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SearchableSha256",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SearchableSize",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SeriesId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SuggestedByModelId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SuggestedConfidence",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "SuggestedTypeId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "TypeId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "TypeSource",
                table: "Documents");
        }
    }
}
