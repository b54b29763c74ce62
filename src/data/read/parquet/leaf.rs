//! One column of a row group: its values and levels, read in batches.

use std::sync::Arc;

use parquet::basic::Type as PhysicalType;
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::errors::Result as ParquetResult;
use parquet::schema::types::ColumnDescPtr;

use super::budget::ColumnBudget;
use super::value::{ColumnMeaning, WriteValue};

/// The records that are read at a time.
const BATCH: usize = 1024;

/// A column that is read value by value. Its levels tell where a value stands in its record, as Dremel has it: the definition level says how
/// many of the optional and repeated groups around it are there, the repetition level which of the lists around it goes on.
pub(super) struct Leaf {
    values: Box<dyn LeafValues>,
    budget: Arc<ColumnBudget>,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    most_defined: i16,
    most_repeated: i16,
    /// The entries of the batch, and how many of them were taken.
    entries: usize,
    taken: usize,
    /// How many of the values were taken: what is null has none.
    values_taken: usize,
    /// The records that were begun.
    pub records: u64,
}

impl Leaf {
    pub fn new(descriptor: ColumnDescPtr, pages: Box<dyn PageReader>, budget: Arc<ColumnBudget>) -> Self {
        let (most_defined, most_repeated) = (descriptor.max_def_level(), descriptor.max_rep_level());
        Self {
            values: values_of(descriptor, pages),
            budget,
            definitions: Vec::new(),
            repetitions: Vec::new(),
            most_defined,
            most_repeated,
            entries: 0,
            taken: 0,
            values_taken: 0,
            records: 0,
        }
    }

    /// Reads the next batch, if all of this one was taken. Returns whether there is an entry.
    pub fn fill(&mut self) -> ParquetResult<bool> {
        if self.taken < self.entries {
            return Ok(true);
        }
        self.budget.begin_batch();
        self.definitions.clear();
        self.repetitions.clear();
        (self.taken, self.values_taken) = (0, 0);
        let definitions = (self.most_defined > 0).then_some(&mut self.definitions);
        let repetitions = (self.most_repeated > 0).then_some(&mut self.repetitions);
        self.entries = self.values.read(BATCH, definitions, repetitions)?;
        Ok(self.entries > 0)
    }

    /// The definition level of the next entry; zero if there is none in the batch.
    pub fn definition(&self) -> i16 {
        match self.most_defined {
            0 => 0,
            _ => self.definitions.get(self.taken).copied().unwrap_or(0),
        }
    }

    /// The repetition level of the next entry, zero if it begins a record; zero if there is none in the batch.
    pub fn repetition(&self) -> i16 {
        match self.most_repeated {
            0 => 0,
            _ => self.repetitions.get(self.taken).copied().unwrap_or(0),
        }
    }

    /// Takes the next entry. Writes its value, if it has one, and returns whether it has.
    pub fn take(&mut self, out: &mut Vec<u8>) -> bool {
        let has_value = self.taken < self.entries && self.definition() == self.most_defined;
        self.records += u64::from(self.repetition() == 0);
        if has_value {
            self.values.write(self.values_taken, out);
            self.values_taken += 1;
        }
        self.taken += 1;
        has_value
    }
}

/// The values of a batch.
trait LeafValues {
    /// Reads so many records, and returns the number of their entries.
    fn read(
        &mut self,
        records: usize,
        definitions: Option<&mut Vec<i16>>,
        repetitions: Option<&mut Vec<i16>>,
    ) -> ParquetResult<usize>;

    /// Writes a value as JSON.
    fn write(&self, at: usize, out: &mut Vec<u8>);
}

struct TypedValues<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
    meaning: ColumnMeaning,
}

impl<T: DataType> LeafValues for TypedValues<T>
where
    T::T: WriteValue,
{
    fn read(
        &mut self,
        records: usize,
        definitions: Option<&mut Vec<i16>>,
        repetitions: Option<&mut Vec<i16>>,
    ) -> ParquetResult<usize> {
        self.values.clear();
        let (_, _, entries) = self.reader.read_records(records, definitions, repetitions, &mut self.values)?;
        Ok(entries)
    }

    fn write(&self, at: usize, out: &mut Vec<u8>) {
        match self.values.get(at) {
            Some(value) => value.write(&self.meaning, out),
            // The reader gives as many values as the levels say.
            None => out.extend_from_slice(b"null"),
        }
    }
}

fn values_of(descriptor: ColumnDescPtr, pages: Box<dyn PageReader>) -> Box<dyn LeafValues> {
    fn typed<T: DataType>(descriptor: ColumnDescPtr, pages: Box<dyn PageReader>) -> Box<dyn LeafValues>
    where
        T::T: WriteValue,
    {
        let meaning = ColumnMeaning::of(&descriptor);
        Box::new(TypedValues::<T> { reader: ColumnReaderImpl::new(descriptor, pages), values: Vec::new(), meaning })
    }
    match descriptor.physical_type() {
        PhysicalType::BOOLEAN => typed::<BoolType>(descriptor, pages),
        PhysicalType::INT32 => typed::<Int32Type>(descriptor, pages),
        PhysicalType::INT64 => typed::<Int64Type>(descriptor, pages),
        PhysicalType::INT96 => typed::<Int96Type>(descriptor, pages),
        PhysicalType::FLOAT => typed::<FloatType>(descriptor, pages),
        PhysicalType::DOUBLE => typed::<DoubleType>(descriptor, pages),
        PhysicalType::BYTE_ARRAY => typed::<ByteArrayType>(descriptor, pages),
        PhysicalType::FIXED_LEN_BYTE_ARRAY => typed::<FixedLenByteArrayType>(descriptor, pages),
    }
}
