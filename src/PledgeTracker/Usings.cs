// What every operation uses.
global using Dapper;
global using FastEndpoints;
global using FluentValidation;
global using PledgeTracker.Data;
global using PledgeTracker.Http;
global using PledgeTracker.Ledger;
global using PledgeTracker.Words;
