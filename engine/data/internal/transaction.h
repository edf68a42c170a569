#pragma once

#include "engine/data/internal/database.h"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

namespace whisker {

/// Runs `body` (it gives a Result) with the mutex held, in one transaction that is kept where the result is good.
template <class Body> auto written(ProjectStore &store, Body &&body) -> decltype(body())
{
    return guarded(store, [&]() -> decltype(body()) {
        if (store.readOnly)
            throw SQLite::Exception("read-only", SQLITE_READONLY);
        SQLite::Transaction transaction(*store.database, SQLite::TransactionBehavior::IMMEDIATE);
        auto result = body();
        if (result)
            transaction.commit();
        return result;
    });
}

} // namespace whisker
